package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfirmationTest {

  @ParameterizedTest
  @CsvSource({"y, true", "' YES ', true", "n, false", "yesterday, false", "'', false", ", false"})
  void onlyAYesIsTakenForAYes(String answer, boolean isGiven) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String line = answer == null ? "" : answer + "\n";
    Confirmation confirmation =
        Confirmation.asking(
            new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8));
    assertEquals(isGiven, confirmation.given("publish as policy 7?"));
    assertEquals("publish as policy 7? [y/N] ", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void withoutATerminalNobodyIsAsked() {
    assertTrue(Confirmation.onTerminal().given("publish?"));
  }
}
