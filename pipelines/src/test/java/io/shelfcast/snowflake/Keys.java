package io.shelfcast.snowflake;

import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/** Writes private keys as openssl does. */
public final class Keys {

  private Keys() {}

  public static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  public static String encryptedPem(PrivateKey key, String scheme, String passphrase) {
    try {
      SecretKey secret =
          SecretKeyFactory.getInstance(scheme)
              .generateSecret(new PBEKeySpec(passphrase.toCharArray()));
      Cipher cipher = Cipher.getInstance(scheme);
      byte[] salt = "saltsalt".getBytes(StandardCharsets.US_ASCII);
      cipher.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(salt, 2048));
      AlgorithmParameters parameters = cipher.getParameters();
      byte[] encrypted = cipher.doFinal(key.getEncoded());
      return pem(
          "ENCRYPTED PRIVATE KEY",
          scheme.contains("WithHmac")
              ? pbes2(parameters.getEncoded(), encrypted)
              : new EncryptedPrivateKeyInfo(parameters, encrypted).getEncoded());
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By hand: Java 17 can read such a key, but not write one. */
  private static byte[] pbes2(byte[] algorithm, byte[] encrypted) {
    byte[] oid = {
      0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x05, 0x0d
    };
    // Newer Javas leave the scheme's name out of its parameters, as is right.
    byte[] named = algorithm[2] == 0x06 ? algorithm : der(0x30, concat(oid, algorithm));
    return der(0x30, concat(named, der(0x04, encrypted)));
  }

  private static byte[] der(int tag, byte[] content) {
    int length = content.length;
    return concat(
        length < 128
            ? new byte[] {(byte) tag, (byte) length}
            : length < 256
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length},
        content);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static String pem(String title, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(title, lines);
  }
}
