package io.shelfcast.transforms;

import io.shelfcast.domain.TaggedScores;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** The model version's number, then the batch. */
public final class TaggedScoresCoder extends AtomicCoder<TaggedScores> {
  private static final long serialVersionUID = 1L;

  private static final TaggedScoresCoder INSTANCE = new TaggedScoresCoder();

  private TaggedScoresCoder() {}

  public static TaggedScoresCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(TaggedScores tagged, OutputStream out) throws IOException {
    VarInt.encode(tagged.modelVersionId(), out);
    ScoreBatchCoder.of().encode(tagged.scores(), out);
  }

  @Override
  public TaggedScores decode(InputStream in) throws IOException {
    return new TaggedScores((short) VarInt.decodeInt(in), ScoreBatchCoder.of().decode(in));
  }
}
