package io.shelfcast.refresh;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.beam.sdk.io.kafka.KafkaRecord;

/**
 * A record's value as text that a dead letter can hold, and where the record stands.
 *
 * @param place the topic partition, as {@code topic/3}
 * @param offset the record's offset there
 * @param payload its value; of bytes that are no text a JSON string of their base 64
 */
record RecordText(String place, long offset, String payload) {

  static RecordText of(KafkaRecord<byte[], byte[]> record) {
    return new RecordText(
        record.getTopic() + '/' + record.getPartition(),
        record.getOffset(),
        // KafkaIO's coder lets null pass: it is how Kafka says that a key is gone.
        record.getKV().getValue() == null ? "null" : text(record.getKV().getValue()));
  }

  private static String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // No text, then: kept as bytes are kept in JSON.
    }
    return "\"base64:" + Base64.getEncoder().encodeToString(bytes) + '"';
  }
}
