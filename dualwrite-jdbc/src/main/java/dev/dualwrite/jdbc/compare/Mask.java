package dev.dualwrite.jdbc.compare;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Shows values to people: by default only that two are equal or not, and how long they are. Thread-safe. */
final class Mask {
    private static final int SHOWN = 60;
    private static final String ALGORITHM = "HmacSHA256";

    /** Of this process alone, so that nobody finds a value by trying all. */
    private static final SecretKeySpec SALT = salt();

    private final boolean unmasked;

    Mask(boolean unmasked) {
        this.unmasked = unmasked;
    }

    private static SecretKeySpec salt() {
        byte[] salt = new byte[32];
        new SecureRandom().nextBytes(salt);
        return new SecretKeySpec(salt, ALGORITHM);
    }

    String of(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        byte[] bytes = value instanceof byte[] b ? b : value.toString().getBytes(StandardCharsets.UTF_8);
        if (unmasked) {
            String text = value instanceof byte[] b ? HexFormat.of().formatHex(b) : value.toString();
            return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(SALT);
            return bytes.length + " bytes #" + HexFormat.of().formatHex(mac.doFinal(bytes), 0, 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
