package org.slimquant.deploy.c;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a model in C: the name of its files, and the prefix of everything that they define.
 *
 * <p>A plain name stays as it is: words of lower-case letters and digits with single underscores
 * between them, at most 26 characters. Any other name is converted to a plain one, shortened if
 * necessary, followed by a hash of the whole name: {@code Net-1} becomes {@code net_1_4k2…}. Thus,
 * different names also differ in C, and on file systems that ignore case.
 *
 * <p>A plain name gets a hash, too, if it could be mistaken for something else:
 *
 * <ul>
 *   <li>a header of a compiler, an operating system or a library ({@code math}): {@code #include
 *       <math.h>} would find the model's header if its folder is searched;
 *   <li>a file name that Windows does not allow ({@code aux});
 *   <li>a file or macro of another model: the test program of {@code net} is {@code net_test.c};
 *   <li>a name with a hash.
 * </ul>
 *
 * <p>Names within the source differ from those of other models as well, so several sources can be
 * one translation unit. The model's name is followed by a lower-case word for a function or struct,
 * and by a capitalized word for a table: {@code net_dense_s8_s8}, {@code net_Conv1_kernel}.
 *
 * @param text the name in lower case
 */
record ModelName(String text) {

  /** The end of the name of a test program. */
  static final String TEST = "_test";

  /** The end of the name of a file with the user's settings. */
  static final String CONFIG = "_config";

  /**
   * The most characters of a name. C99 distinguishes external names by their first 31 characters,
   * in which {@code <name>_run} and {@code <name>_run_in} then differ.
   */
  static final int LONGEST = 26;

  private static final int HASH_DIGITS = 10;
  private static final BigInteger HASHES =
      BigInteger.TEN.multiply(BigInteger.valueOf(32).pow(HASH_DIGITS - 1));

  private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Pattern ENDS_LIKE_ANOTHER =
      Pattern.compile(".*(%s|%s|_no_static|_[0-9][0-9a-v]{9})".formatted(TEST, CONFIG));
  private static final Pattern WINDOWS_DEVICE = Pattern.compile("aux|con|nul|prn|(com|lpt)[0-9]");

  private static final Set<String> HEADERS = headers();

  /** Returns the name in C of a model. */
  static ModelName of(String name) {
    boolean plain =
        name.length() <= LONGEST
            && PLAIN.matcher(name).matches()
            && !ENDS_LIKE_ANOTHER.matcher(name).matches()
            && !WINDOWS_DEVICE.matcher(name).matches()
            && !HEADERS.contains(name);
    return new ModelName(plain ? name : readable(name) + "_" + hash(name));
  }

  private static String readable(String name) {
    String words = CNames.words(name).toLowerCase(Locale.ROOT);
    String identifier =
        words.isEmpty() || Character.isDigit(words.charAt(0)) ? "model_" + words : words;
    int longest = LONGEST - 1 - HASH_DIGITS;
    return identifier.substring(0, Math.min(identifier.length(), longest)).replaceFirst("_$", "");
  }

  /** Returns 48 bits of a hash: a digit, and nine digits or letters up to v. */
  private static String hash(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      String digits = new BigInteger(1, digest).mod(HASHES).toString(32);
      return "0".repeat(HASH_DIGITS - digits.length()) + digits;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Set<String> headers() {
    try (InputStream list = ModelName.class.getResourceAsStream("headers.txt")) {
      if (list == null) {
        throw new IllegalStateException("headers.txt must be beside ModelName, but is not");
      }
      return new String(list.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Pattern.compile(" ").splitAsStream(line))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a name in the source that ends with a word. */
  String prefixed(String word) {
    return text + "_" + word;
  }

  /** Returns a macro that ends with a word. */
  String macro(String word) {
    return upperCase() + "_" + word;
  }

  /** Returns the name in upper case. */
  String upperCase() {
    return text.toUpperCase(Locale.ROOT);
  }
}
