package org.slimquant.deploy.c;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text of C with placeholders, kept in a file of its own.
 *
 * <pre>{@code
 * static void ${function}(const ${input_t} *${MODEL}_RESTRICT input, ${output_t} *output)
 * }</pre>
 *
 * <p>{@code ${model}} and {@code ${MODEL}} are the model's name in lower and in upper case. Every
 * other placeholder needs a value, and every value needs a placeholder. A placeholder on a line of
 * its own is replaced with any number of whole lines.
 *
 * @param file the file's name, relative to this class
 * @param text the file's content
 */
record Template(String file, String text) {

  // The last alternative finds a dollar without a placeholder: C has none.
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?m)^\\$\\{(\\w+)}\n|\\$\\{(\\w+)}|\\$");

  /** Reads a template. */
  static Template of(String file) {
    try (InputStream content = Template.class.getResourceAsStream(file)) {
      if (content == null) {
        throw new IllegalStateException(
            "a template must be a resource, but %s is missing".formatted(file));
      }
      return new Template(file, new String(content.readAllBytes(), US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the text with a value for each placeholder. A value is not searched for placeholders.
   *
   * @throws IllegalStateException if a placeholder has no value, or a value has no placeholder
   */
  String fill(ModelName model, Map<String, String> values) {
    Map<String, String> known = new HashMap<>(values);
    known.put("model", model.text());
    known.put("MODEL", model.upperCase());
    Set<String> unused = new TreeSet<>(values.keySet());
    String filled =
        PLACEHOLDER
            .matcher(text)
            .replaceAll(
                match -> {
                  String lines = match.group(1);
                  String placeholder = lines == null ? match.group(2) : lines;
                  String value =
                      checked(match.group().strip(), known.get(placeholder), lines != null);
                  unused.remove(placeholder);
                  return Matcher.quoteReplacement(value);
                });
    if (!unused.isEmpty()) {
      throw new IllegalStateException(
          "each value must have a placeholder in %s, but %s have none".formatted(file, unused));
    }
    return filled;
  }

  private String checked(String placeholder, @Nullable String value, boolean lines) {
    if (value == null) {
      throw new IllegalStateException(
          "each placeholder of %s must have a value, but %s has none".formatted(file, placeholder));
    }
    if (lines && !value.isEmpty() && !value.endsWith("\n")) {
      throw new IllegalStateException(
          "%s of %s must have whole lines as its value, but has %s"
              .formatted(placeholder, file, value));
    }
    return value;
  }
}
