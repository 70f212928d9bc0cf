package io.shelfcast.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.snowflake.emulator.SnowflakeEmulator;
import io.shelfcast.store.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import net.snowflake.client.api.driver.SnowflakeDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SnowflakeAccountTest {

  @TempDir private Path folder;

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void theDriverHoldsStatementsToTheTimeLimitThatItIsGiven() throws Exception {
    try (SnowflakeEmulator emulator = SnowflakeEmulator.builder().start()) {
      emulator.userWithPassword("sync", "pw");
      SnowflakeAccount account = account(emulator.url());
      Properties properties = account.properties();
      assertEquals("7200", properties.get("queryTimeout"));
      assertEquals("7200", properties.get("STATEMENT_TIMEOUT_IN_SECONDS"));
      // The real limit is too long to wait for.
      properties.put("queryTimeout", "1");
      emulator.faults().hang("SELECT");
      try (Connection connection = new SnowflakeDriver().connect(account.jdbcUrl(), properties);
          Statement statement = connection.createStatement()) {
        SQLException e =
            assertThrows(SQLException.class, () -> statement.executeQuery("SELECT 1").close());
        SnowflakeException told = SnowflakeException.of("cannot ask", e);
        assertEquals(1, told.getMessage().lines().count());
      } finally {
        emulator.faults().fast();
      }
    }
  }

  @Test
  void whatIsPrintedOfAnAccountHasNoSecret() throws Exception {
    SnowflakeAccount account = account("https://acme-eu1.snowflakecomputing.com");
    assertFalse(account.toString().contains("pw"), account.toString());
    assertFalse(new SnowflakeDataSource(account).toString().contains("pw"));
  }

  private SnowflakeAccount account(String url) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "pw");
    return new SnowflakeAccount(
        SnowflakeAccount.checkedUrl(url),
        "AVAILABILITY",
        "PUBLIC",
        "LOADING",
        "SHELFCAST",
        "sync",
        new SnowflakeLogin.Password(SecretRef.parse("file:" + secret)));
  }
}
