package io.shelfcast.snowflake;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads an RSA private key as openssl writes it. No message or cause has anything of the key. */
final class PrivateKeyPem {

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]+)-----END \\1-----");

  private static final String MAKE_ONE =
      "make one with: openssl genrsa 2048 | openssl pkcs8 -topk8 -v2 aes-256-cbc -out key.p8";

  private PrivateKeyPem() {}

  /**
   * The key.
   *
   * @param passphrase of an encrypted key; of one that is not, it is ignored
   * @throws SnowflakeException when it cannot be read
   */
  static PrivateKey parse(String pem, @Nullable String passphrase) {
    Matcher found = PEM.matcher(pem);
    if (!found.find()) {
      throw new SnowflakeException("--snowflakePrivateKey is no key in PEM form; " + MAKE_ONE);
    }
    byte[] der = decoded(found.group(2));
    try {
      return switch (found.group(1)) {
        case "PRIVATE KEY" -> rsa(new PKCS8EncodedKeySpec(der));
        case "ENCRYPTED PRIVATE KEY" -> rsa(decrypted(der, passphrase));
        default ->
            throw new SnowflakeException(
                "--snowflakePrivateKey is a '%s', not PKCS#8; turn it into that: openssl pkcs8 -topk8"
                    .formatted(found.group(1)));
      };
    } catch (GeneralSecurityException | IOException e) {
      // Without the cause: what a parser says may have bytes of what it parsed.
      throw new SnowflakeException("--snowflakePrivateKey is no RSA key in PKCS#8; " + MAKE_ONE);
    }
  }

  private static PrivateKey rsa(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA").generatePrivate(spec);
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] der, @Nullable String passphrase)
      throws IOException {
    if (passphrase == null) {
      throw new SnowflakeException(
          "--snowflakePrivateKey is encrypted; say where its passphrase is:"
              + " --snowflakePrivateKeyPassphrase=env:NAME");
    }
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
    // Of PBES2 the name is only that; its parameters are called after the whole scheme.
    String scheme =
        info.getAlgName().equals("PBES2") || info.getAlgName().equals("1.2.840.113549.1.5.13")
            ? info.getAlgParameters().toString()
            : info.getAlgName();
    PBEKeySpec password = new PBEKeySpec(passphrase.toCharArray());
    try {
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme).generateSecret(password),
          info.getAlgParameters());
      return info.getKeySpec(cipher);
    } catch (java.security.NoSuchAlgorithmException | javax.crypto.NoSuchPaddingException e) {
      throw new SnowflakeException(
          "--snowflakePrivateKey is encrypted with %s, which Java cannot read; %s"
              .formatted(scheme, MAKE_ONE));
    } catch (GeneralSecurityException e) {
      throw new SnowflakeException(
          "--snowflakePrivateKey cannot be decrypted; is --snowflakePrivateKeyPassphrase the right"
              + " one?");
    } finally {
      password.clearPassword();
    }
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new SnowflakeException("--snowflakePrivateKey is no key in PEM form; " + MAKE_ONE);
    }
  }
}
