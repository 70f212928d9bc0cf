package io.shelfcast.snowflake.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for Snowflake on loopback, with tables in DuckDB. It speaks as much of the protocol
 * and of the SQL as Snowflake's driver and Beam's SnowflakeIO use to read; what it does not know it
 * refuses as a compilation error.
 *
 * <p>It proves nothing of Snowflake's own planner, grants, cost and speed; names in quotation marks
 * are found in whatever case; a time with a zone is always told as TIMESTAMP_LTZ, in UTC.
 */
public final class SnowflakeEmulator implements AutoCloseable {

  private final Settings settings;
  private final Warehouse warehouse;
  private final ChangeLog changes;
  private final Tables tables;
  private final Faults faults = new Faults();
  private final Sessions sessions = new Sessions();
  private final Users users;
  private final Logins logins;
  private final RunningStatements statements;
  private final SeenStatements seen = new SeenStatements();
  private final Protocol protocol;
  private volatile InstantSource clock = InstantSource.system();

  private SnowflakeEmulator(Settings settings, int port) throws IOException {
    this.settings = settings;
    warehouse = new Warehouse(settings.database(), settings.schema());
    changes = new ChangeLog(warehouse);
    tables = new Tables(warehouse, settings);
    users = new Users(settings.account(), InstantSource.system());
    logins = new Logins(settings, users, sessions);
    statements =
        new RunningStatements(
            new Statements(settings, warehouse, changes, faults, () -> clock.instant()));
    protocol = new Protocol(port, logins, sessions, statements, seen, faults);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** What the account is made of; everything has a value to begin with. */
  public static final class Builder {

    private String account = "LOCAL";
    private String database = "AVAILABILITY";
    private String schema = "PUBLIC";
    private String warehouse = "LOADING";
    private String role = "SHELFCAST";
    private final Set<String> integrations = new HashSet<>();
    private @Nullable FakeGcs gcs;
    private int port;

    private Builder() {}

    public Builder account(String name) {
      account = upper(name);
      return this;
    }

    public Builder database(String name) {
      database = upper(name);
      return this;
    }

    public Builder schema(String name) {
      schema = upper(name);
      return this;
    }

    public Builder warehouse(String name) {
      warehouse = upper(name);
      return this;
    }

    public Builder role(String name) {
      role = upper(name);
      return this;
    }

    /** A storage integration that an unload may name. */
    public Builder storageIntegration(String name) {
      integrations.add(upper(name));
      return this;
    }

    /** The bucket service behind gcs:// locations. */
    public Builder gcs(FakeGcs service) {
      gcs = service;
      return this;
    }

    /** The port to listen on; 0, as at first, takes a free one. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    public SnowflakeEmulator start() {
      try {
        return new SnowflakeEmulator(
            new Settings(account, database, schema, warehouse, role, Set.copyOf(integrations), gcs),
            port);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen on port " + port, e);
      }
    }

    private static String upper(String name) {
      return name.toUpperCase(Locale.ROOT);
    }
  }

  /** Where it listens. */
  public String url() {
    return "http://127.0.0.1:" + protocol.port();
  }

  /** For the driver, without user and credentials; no query leaves for the cloud's metadata. */
  public String jdbcUrl() {
    return "jdbc:snowflake://%s/?account=%s&warehouse=%s&role=%s&db=%s&schema=%s"
            .formatted(
                url(),
                settings.account(),
                settings.warehouse(),
                settings.role(),
                settings.database(),
                settings.schema())
        + "&disablePlatformDetection=true&JDBC_QUERY_RESULT_FORMAT=JSON";
  }

  public String account() {
    return settings.account();
  }

  /** Lets a user in by a password. */
  public void userWithPassword(String user, String password) {
    users.password(user, password);
  }

  /** Lets a user in by an OAuth token. */
  public void userWithOAuthToken(String user, String token) {
    users.oauthToken(user, token);
  }

  /** Lets a user in by a key pair, of which this is the public one; a user may have several. */
  public void userWithKey(String user, RSAPublicKey key) {
    users.publicKey(user, key);
  }

  /** Runs DuckDB's SQL, with Snowflake's names of types, where the tables are. */
  public void execute(String sql) {
    tables.execute(sql);
  }

  /**
   * Makes a table out of the Parquet files that match, with the names of its columns in capitals.
   */
  public void loadParquet(String table, String glob) {
    tables.loadParquet(table, glob);
  }

  /** How many rows a table has. */
  public long count(String table) {
    return tables.count(table);
  }

  /** Sets what CURRENT_TIMESTAMP says, which is the system's time at first. */
  public void clock(InstantSource source) {
    clock = source;
  }

  /** How many days back a table can be asked for; 1 at first. */
  public void retention(String table, int days) {
    changes.retention(name(table), days);
  }

  /** Turns a table's change tracking on, as of now by the emulator's clock. */
  public void trackChanges(String table) {
    changes.track(name(table), clock.instant());
  }

  /** Inserts what a query or VALUES gives into a tracked table, committed at this time. */
  public void insertAt(Instant committed, String table, String query) {
    changes.insert(name(table), committed, query);
  }

  public void updateAt(Instant committed, String table, String assignments, String condition) {
    changes.update(name(table), committed, assignments, condition);
  }

  public void deleteAt(Instant committed, String table, String condition) {
    changes.delete(name(table), committed, condition);
  }

  public Faults faults() {
    return faults;
  }

  /** Sessions can no longer be used, and can be renewed, as the driver does by itself. */
  public void expireSessions() {
    sessions.expire();
  }

  /** Sessions are gone: only a new login helps. */
  public void dropSessions() {
    sessions.forget();
  }

  public int openSessions() {
    return sessions.size();
  }

  /** The SQL that was asked for until now. */
  public List<String> statements() {
    return seen.all();
  }

  /** The logins that were tried until now. */
  public List<Login> logins() {
    return logins.seen();
  }

  @Override
  public void close() {
    protocol.close();
    statements.close();
    warehouse.close();
  }

  private ChangeLog.TableName name(String table) {
    List<String> parts = new SqlReader(Token.read(table)).name();
    return ChangeLog.TableName.of(parts, settings.database(), settings.schema());
  }
}
