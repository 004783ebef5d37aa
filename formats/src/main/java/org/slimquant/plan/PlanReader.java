package org.slimquant.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.Parser.SingularOverwritePolicy;
import com.google.protobuf.TextFormatParseInfoTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.proto.PlanFile;
import org.slimquant.plan.proto.QuantizedSite;
import org.slimquant.plan.proto.SiteRemark;

/**
 * Reads a plan from protobuf's text format: all of it, or none with an error.
 *
 * <p>People edit these files, so there is no checksum: a changed digit is an exponent that a person
 * chose. The last line, {@code end: true}, shows that nothing was cut off.
 *
 * <p>The time is linear in the size of the file, which is bounded.
 */
public final class PlanReader {

  /** The most bytes of a file. */
  static final int MAX_BYTES = 1 << 23;

  /** The most characters of a name, and of a number. */
  static final int MAX_WORD = 4096;

  // The byte order mark that editors of Windows put before the first line.
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  // Space within a line: a pattern that also skips lines would scan all empty lines again from each
  // of them.
  private static final Pattern VERSION =
      Pattern.compile("(?m)^[ \\t]*+version[ \\t]*+:[ \\t]*+(\\d{1,9})\\b");

  // The parts of protobuf's messages: the place, which our message has already, and the field.
  private static final Pattern POSITION = Pattern.compile("^\\d+:\\d+: ");
  private static final Pattern UNKNOWN_FIELD = Pattern.compile("unknown fields.*\\n.*\\t(\\S+)");

  private static final FieldDescriptor SITE = field(PlanFile.SITE_FIELD_NUMBER);
  private static final FieldDescriptor REMARK = field(PlanFile.REMARK_FIELD_NUMBER);

  private final Path file;
  private final PlanFile message;
  private final TextFormatParseInfoTree places;

  private PlanReader(Path file, PlanFile message, TextFormatParseInfoTree places) {
    this.file = file;
    this.message = message;
    this.places = places;
  }

  /**
   * Returns the plan in {@code file}.
   *
   * @throws PlanFormatException if the file is no plan or a damaged one
   * @throws IOException if it cannot be read
   */
  static QuantizationPlan read(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_BYTES + 1);
    }
    if (content.length > MAX_BYTES) {
      throw tooLong(file);
    }
    try {
      // A new decoder, unlike a new String, reports bytes that are not UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return parse(file, text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw error(file, "a plan must be text in UTF-8, but this is not");
    }
  }

  /**
   * Returns the plan in {@code text}.
   *
   * @param file the name of the file for messages
   */
  public static QuantizationPlan parse(Path file, String text) throws PlanFormatException {
    if (text.length() > MAX_BYTES) {
      throw tooLong(file);
    }
    requireKnownVersion(file, text);
    requireShortWords(file, text);
    TextFormatParseInfoTree.Builder places = TextFormatParseInfoTree.builder();
    PlanFile.Builder message = PlanFile.newBuilder();
    try {
      TextFormat.Parser.newBuilder()
          .setSingularOverwritePolicy(SingularOverwritePolicy.FORBID_SINGULAR_OVERWRITES)
          .setParseInfoTreeBuilder(places)
          .build()
          .merge(text, message);
    } catch (TextFormat.ParseException e) {
      throw error(file, e.getLine(), reasonOf(e));
    }
    return new PlanReader(file, message.build(), places.build()).plan();
  }

  // This check comes first, because a newer file may break every other rule.
  private static void requireKnownVersion(Path file, String text) throws PlanFormatException {
    Matcher version = VERSION.matcher(text);
    if (!version.find()) {
      throw error(file, "a plan must give its version, but this does not: is it a plan?");
    }
    if (Integer.parseInt(version.group(1)) != PlanWriter.VERSION) {
      int line =
          1 + (int) text.substring(0, version.start(1)).chars().filter(c -> c == '\n').count();
      throw error(
          file,
          line,
          "version must be %d to be read by this version of SlimQuant, but is %s"
              .formatted(PlanWriter.VERSION, version.group(1)));
    }
  }

  /** The time to read a number grows with the square of its digits. */
  private static void requireShortWords(Path file, String text) throws PlanFormatException {
    int line = 1;
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      length = Character.isLetterOrDigit(c) || "_.+-".indexOf(c) >= 0 ? length + 1 : 0;
      line += c == '\n' ? 1 : 0;
      if (length > MAX_WORD) {
        throw error(
            file,
            line,
            "a word must have at most %d characters, but this has more".formatted(MAX_WORD));
      }
    }
  }

  private static PlanFormatException tooLong(Path file) {
    return error(file, "a plan must have at most %d bytes, but has more".formatted(MAX_BYTES));
  }

  private QuantizationPlan plan() throws PlanFormatException {
    if (message.getVersion() != PlanWriter.VERSION) {
      throw error(file, "a plan must give its version, but this does not: is it a plan?");
    }
    if (!message.getEnd()) {
      throw error(file, "a plan must end with end: true, but does not: it was cut off");
    }
    return new QuantizationPlan(sites(), remarks());
  }

  private List<Site> sites() throws PlanFormatException {
    List<Site> sites = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (int i = 0; i < message.getSiteCount(); i++) {
      int line = lineOf(SITE, i);
      QuantizedSite record = message.getSite(i);
      SiteErrors errors = new SiteErrors(file, line, record, places.getNestedTree(SITE, i));
      Site site = new SiteReader(record, errors).read();
      Integer first = lines.putIfAbsent(site.name(), line);
      if (first != null) {
        throw error(
            file,
            line,
            "site %s must be there once, but is in line %d too".formatted(site.name(), first));
      }
      sites.add(site);
    }
    return sites;
  }

  private List<Remark> remarks() throws PlanFormatException {
    List<Remark> remarks = new ArrayList<>();
    for (int i = 0; i < message.getRemarkCount(); i++) {
      SiteRemark remark = message.getRemark(i);
      if (!remark.hasSite() || !remark.hasText()) {
        throw error(file, lineOf(REMARK, i), "a remark must have site and text, but lacks one");
      }
      remarks.add(new Remark(remark.getSite(), remark.getText()));
    }
    return remarks;
  }

  private int lineOf(FieldDescriptor field, int index) {
    return places.getLocation(field, index).getLine() + 1;
  }

  private static FieldDescriptor field(int number) {
    return PlanFile.getDescriptor().findFieldByNumber(number);
  }

  private static String reasonOf(TextFormat.ParseException e) {
    String message = String.valueOf(e.getMessage());
    Matcher field = UNKNOWN_FIELD.matcher(message);
    return field.find()
        ? "a plan must have known fields only, but has " + field.group(1)
        : POSITION.matcher(message).replaceFirst("");
  }

  private static PlanFormatException error(Path file, String reason) {
    return new PlanFormatException("%s: %s".formatted(file, reason));
  }

  static PlanFormatException error(Path file, int line, String reason) {
    return new PlanFormatException("%s:%d: %s".formatted(file, line, reason));
  }
}
