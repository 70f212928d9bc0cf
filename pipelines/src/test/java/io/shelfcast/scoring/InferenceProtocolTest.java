package io.shelfcast.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.Micros;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceProtocolTest {

  private static final Instant ARRIVED = Instant.parse("2024-06-08T06:00:00.123456Z");

  @Test
  void aRequestNamesTheItemsAsTwoColumns() {
    String request =
        new String(
            InferenceRequest.of(new long[] {7, 7}, new long[] {11, Long.MAX_VALUE}),
            StandardCharsets.UTF_8);

    assertEquals(
        """
        {"inputs":[\
        {"name":"store_id","shape":[2],"datatype":"INT64","data":[7,7]},\
        {"name":"product_id","shape":[2],"datatype":"INT64","data":[11,9223372036854775807]}],\
        "outputs":[{"name":"score"}]}""",
        request);
  }

  @Test
  void scoresAreReadInTheOrderAsked() {
    Scores scores =
        scores(2, "{'outputs':[{'name':'score','shape':[2],'datatype':'FP64','data':[0.25,1]}]}");

    assertEquals(2, scores.size());
    assertEquals(0.25, scores.score(0));
    assertEquals(1.0, scores.score(1));
    assertFalse(scores.isMissing(0));
  }

  @Test
  void aModelThatDoesNotSayWhenMadeItsScoresWhenTheAnswerCame() {
    assertEquals(Micros.of(ARRIVED), scores(1, answer("0.5")).scoredAtMicros());
  }

  @ParameterizedTest
  @CsvSource({
    "2024-06-08T05:59:59.5Z,2024-06-08T05:59:59.5Z",
    "2024-06-08T07:59:59.000001+02:00,2024-06-08T05:59:59.000001Z",
    "2024-06-08T05:59:59,2024-06-08T05:59:59Z"
  })
  void aModelMaySayWhenItMadeItsScores(String text, Instant scoredAt) {
    String parameters = "'parameters':{'x':[1],'scored_at':'" + text + "','y':{}},";

    assertEquals(
        Micros.of(scoredAt),
        scores(1, answer("0.5").replace("{'outputs'", "{" + parameters + "'outputs'"))
            .scoredAtMicros());
  }

  @Test
  void fieldsComeInAnyOrderAndOthersArePassedOver() {
    Scores scores =
        scores(
            2,
            """
            {'id':'1','outputs':[
              {'data':['a','b'],'name':'label','datatype':'BYTES','shape':[2]},
              {'name':'embedding','shape':[2,2],'datatype':'FP32','data':[[1,2],[3,4]]},
              {'data':[0.1,0.2],'parameters':{'z':[{}]},'datatype':'FP32','shape':[2],'name':'score'},
              {'data':[9,9],'name':'variance','datatype':'FP32','shape':[2]}],
             'parameters':{'scored_at':null},'model_version':'1'}""");

    assertEquals(0.1, scores.score(0));
    assertEquals(0.2, scores.score(1));
    assertEquals(Micros.of(ARRIVED), scores.scoredAtMicros());
  }

  @Test
  void anItemWithoutAScoreIsMissingAndNoNumberIsNotTheSame() {
    String answer = answer("null,NaN,Infinity,-Infinity").replace("[1]", "[4]");
    Scores scores = scores(4, answer);

    assertTrue(scores.isMissing(0));
    assertTrue(Double.isNaN(scores.score(0)));
    assertFalse(scores.isMissing(1));
    assertTrue(Double.isNaN(scores.score(1)));
    assertEquals(Double.POSITIVE_INFINITY, scores.score(2));
    assertEquals(Double.NEGATIVE_INFINITY, scores.score(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|no JSON object",
        "<html>|not JSON",
        "null|no JSON object",
        "[]|no JSON object",
        "{}|no output 'score'",
        "{'outputs':{}}|outputs that are no array",
        "{'outputs':[1]}|output that is no object",
        "{'outputs':[|not JSON",
        "{'outputs':[{'name':'scores','shape':[1],'datatype':'FP32','data':[1]}]}|no output 'score'",
        "{'outputs':[{'name':7,'shape':[1],'datatype':'FP32','data':[1]}]}|no output 'score'",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'INT64','data':[1]}]}|'INT64'",
        "{'outputs':[{'name':'score','shape':[1],'data':[1]}]}|datatype 'null'",
        "{'outputs':[{'name':'score','shape':[2],'datatype':'FP32','data':[1]}]}|shape is not [1]",
        "{'outputs':[{'name':'score','shape':[1,1],'datatype':'FP32','data':[1]}]}|shape is not [1]",
        "{'outputs':[{'name':'score','datatype':'FP32','data':[1]}]}|shape is not [1]",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32','data':[]}]}|0 scores for 1 items",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32','data':[1,2]}]}|2 scores for 1",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32'}]}|0 scores for 1 items",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32','data':['1']}]}|array of numbers",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32','data':[[1]]}]}|array of numbers",
        "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32','data':1}]}|array of numbers",
        "{'parameters':{'scored_at':'8 June'}}|scored_at '8 June' that is not a time",
        "{'parameters':{'scored_at':1717826400}}|scored_at '1717826400' that is not a time",
        "{'parameters':{'scored_at':{}}}|that is not a time",
        "{'outputs':[]} {}|goes on after its end"
      })
  void whatTheProtocolDoesNotSayIsMalformed(String body, String detail) {
    ScoringFailure failure = assertInstanceOf(ScoringFailure.class, read(1, body));

    assertEquals("scoring_answer_malformed", failure.reason());
    assertTrue(failure.detail().contains(detail), failure.detail());
  }

  @Test
  void twoOutputsOfScoresAreMalformed() {
    String score = "{'name':'score','shape':[1],'datatype':'FP32','data':[1]}";

    assertInstanceOf(ScoringFailure.class, read(1, "{'outputs':[" + score + "," + score + "]}"));
  }

  @Test
  void anErrorIsTheTextOfItsFieldOrElseTheBody() {
    assertEquals("no such model", error("{'code':[1],'error':'no such model'}"));
    assertEquals("{\"detail\":\"x\"}", error("{'detail':'x'}"));
    assertEquals("Bad Gateway", error("Bad Gateway\n"));
    assertEquals("", error(""));
  }

  @Test
  void aDetailIsOnePrintableLineOfBoundedLength() {
    String detail = ScoringFailure.refused("a\u0000b\r\nc\u2028d" + "😀".repeat(1000)).detail();

    assertTrue(detail.startsWith("a?b??c?d"), detail);
    assertEquals(300, detail.length());
    assertTrue(detail.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5|PT5S",
        "` 0 `|PT0S",
        "Sat, 8 Jun 2024 06:00:02 GMT|PT1.876544S",
        "Fri, 07 Jun 2024 06:00:00 GMT|PT0S",
        "soon|PT0S",
        "-5|PT0S",
        "99999999999999999999|PT0S"
      })
  void aServerMayAskToBeLeftAloneInSecondsOrUntilADate(String header, Duration pause) {
    assertEquals(pause, RetryAfter.parse(header, ARRIVED));
  }

  private static Scores scores(int items, String answer) {
    return assertInstanceOf(Scores.class, read(items, answer));
  }

  private static ScoringAnswer read(int items, String answer) {
    return InferenceAnswer.read(json(answer), items, ARRIVED);
  }

  private static String answer(String data) {
    return "{'outputs':[{'name':'score','shape':[1],'datatype':'FP32','data':[" + data + "]}]}";
  }

  private static String error(String body) {
    return InferenceAnswer.error(json(body));
  }

  /** With ' in place of ", to be readable. */
  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
