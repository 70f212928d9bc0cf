package io.shelfcast.local.postgres;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PostmasterTest {
  private static final List<String> WHOLE =
      List.of(
          "8986", "/home/data", "1795509506", "45999", "", "127.0.0.1", " 2181274  13", "ready   ");

  @Test
  void wholeFileSaysWhoAndWhere() {
    assertThat(Postmaster.parse(WHOLE), is(new Postmaster(8986, 45999, true)));
  }

  @Test
  void halfAFileIsNotReady() {
    assertThat(Postmaster.parse(WHOLE.subList(0, 3)), is(new Postmaster(8986, 0, false)));
    assertThat(Postmaster.parse(List.of()), is(new Postmaster(0, 0, false)));
  }

  @Test
  void damagedFileNamesNoProcess() {
    assertThat(Postmaster.parse(List.of("\0\0\0\0")), is(new Postmaster(0, 0, false)));
  }
}
