package io.shelfcast.snowflake;

import io.shelfcast.store.SecretRef;
import java.io.Serializable;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** How to prove who one is; holds only where the secrets are, and looks them up when asked to. */
sealed interface SnowflakeLogin extends Serializable {

  /** Adds the driver's properties, the secrets among them. */
  void addTo(Properties properties);

  /** By a key whose public half the user has in Snowflake. */
  record KeyPair(SecretRef key, @Nullable SecretRef passphrase) implements SnowflakeLogin {
    @Override
    public void addTo(Properties properties) {
      properties.put("authenticator", "SNOWFLAKE_JWT");
      // As an object: as text the driver reads fewer kinds of encrypted keys.
      properties.put(
          "privateKey",
          PrivateKeyPem.parse(key.resolve(), passphrase == null ? null : passphrase.resolve()));
    }
  }

  /** By a password. */
  record Password(SecretRef password) implements SnowflakeLogin {
    @Override
    public void addTo(Properties properties) {
      properties.put("password", password.resolve());
    }
  }

  /** By a token that an identity provider has given out. */
  record OAuth(SecretRef token) implements SnowflakeLogin {
    @Override
    public void addTo(Properties properties) {
      properties.put("authenticator", "OAUTH");
      properties.put("token", token.resolve());
    }
  }
}
