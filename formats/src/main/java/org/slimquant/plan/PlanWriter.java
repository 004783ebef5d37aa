package org.slimquant.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slimquant.format.PerChannel;
import org.slimquant.io.AtomicFile;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.proto.FromCalibration;
import org.slimquant.plan.proto.FromCompileTime;
import org.slimquant.plan.proto.QuantizedSite;
import org.slimquant.plan.proto.SiteRemark;
import org.slimquant.plan.proto.TensorOrigin;

/**
 * Writes a plan in protobuf's text format.
 *
 * <pre>{@code
 * site {
 *   name: "conv1/SlimQuant/kernel"
 *   kind: KERNEL
 *   tensor: "conv1/kernel:0"
 *   bits: 8
 *   signed: true
 *   channel_frac: [-7, -6, -9]
 *   calibration { method: "MIN_MSE" samples: 432 }
 *   min: -0.7342
 *   max: 0.81
 *   clipped_share: 0
 *   sqnr_db: 38.25
 *   lost_share: 0.013
 * }
 * }</pre>
 *
 * <p>One plan gives the same bytes everywhere. So this class has its own layout: protobuf's printer
 * would spread the exponents over as many lines as there are channels, and take the digits of its
 * numbers from the JDK, which changed them in version 19.
 */
public final class PlanWriter {

  /** The version of the schema that is written, and the newest that is read. */
  static final int VERSION = 1;

  private static final String HEADER =
      """
      # A quantization plan of SlimQuant.
      # To set an exponent by hand, change it and replace the site's source by: hand {}
      """;

  // The digits with which every number reads as itself.
  private static final int MAX_FLOAT_DIGITS = 9;
  private static final int MAX_DOUBLE_DIGITS = 17;

  private static final FieldDescriptor METHOD =
      FromCalibration.getDescriptor().findFieldByNumber(FromCalibration.METHOD_FIELD_NUMBER);

  private static final FieldDescriptor VARIABLE =
      TensorOrigin.getDescriptor().findFieldByNumber(TensorOrigin.VARIABLE_FIELD_NUMBER);

  private final StringBuilder text = new StringBuilder(HEADER);

  private PlanWriter() {}

  /**
   * Writes {@code plan} to {@code file}, completely or not at all.
   *
   * @throws IllegalArgumentException if no reader would take the plan: a site is in it twice, for
   *     example
   */
  static void write(QuantizationPlan plan, Path file) throws IOException {
    String text = text(plan);
    try {
      PlanReader.parse(file, text);
    } catch (PlanFormatException e) {
      throw new IllegalArgumentException(
          "a plan must be fit to be read again, but would not be: " + e.getMessage(), e);
    }
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  public static String text(QuantizationPlan plan) {
    PlanWriter writer = new PlanWriter();
    writer.field("version", VERSION);
    plan.sites().forEach(writer::site);
    plan.remarks().forEach(writer::remark);
    writer.field("end", true);
    return writer.text.toString();
  }

  private void site(Site site) {
    text.append("site {\n");
    string(QuantizedSite.NAME_FIELD_NUMBER, site.name());
    indented("kind", site.kind().name());
    string(QuantizedSite.TENSOR_FIELD_NUMBER, site.tensor());
    indented("bits", site.format().bits());
    indented("signed", site.format().signed());
    fracs(site);
    source(site.source());
    site.measure().ifPresent(this::measure);
    site.origin().ifPresent(this::origin);
    text.append("}\n");
  }

  private void fracs(Site site) {
    List<Integer> fracs = site.format().fracs();
    boolean perChannel =
        site.format() instanceof PerChannel || (site.kind() == Kind.BIAS && fracs.size() != 1);
    if (perChannel) {
      indented(
          "channel_frac",
          fracs.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]")));
    } else {
      indented("frac", fracs.get(0));
    }
  }

  private void source(Source source) {
    text.append("  ");
    if (source instanceof Source.Calibration calibration) {
      // Written field by field: protobuf's printer of single lines is newer than 3.25.
      text.append("calibration { ")
          .append(TextFormat.printer().printFieldToString(METHOD, calibration.method()).strip())
          .append(" samples: ")
          .append(calibration.samples())
          .append(" }\n");
    } else if (source instanceof Source.Annotation) {
      text.append("annotation {}\n");
    } else if (source instanceof Source.CompileTime compileTime) {
      FromCompileTime message =
          FromCompileTime.newBuilder().setFingerprint(compileTime.fingerprint()).build();
      text.append("compile_time { ")
          .append(TextFormat.printer().emittingSingleLine(true).printToString(message))
          .append(" }\n");
    } else if (source instanceof Source.Derived) {
      text.append("derived {}\n");
    } else {
      text.append("hand {}\n");
    }
  }

  private void measure(TensorStatistics measure) {
    indented("min", decimal(measure.min()));
    indented("max", decimal(measure.max()));
    indented("clipped_share", decimal(measure.clippedShare()));
    indented("sqnr_db", decimal(measure.sqnrDb()));
    measure.lostShare().ifPresent(share -> indented("lost_share", decimal(share)));
  }

  private void origin(Origin origin) {
    text.append("  calibrated_on {");
    origin
        .weights()
        .ifPresent(
            weights ->
                text.append(weights.constant() ? " constant: " : " variable: ")
                    .append(quoted(weights.name())));
    if (!origin.ops().isEmpty()) {
      text.append(" op: ")
          .append(
              origin.ops().stream()
                  .map(PlanWriter::quoted)
                  .collect(Collectors.joining(", ", "[", "]")));
    }
    if (!origin.shape().isEmpty()) {
      text.append(" shape: ").append(origin.shape());
    }
    text.append(" }\n");
  }

  private static String quoted(String value) {
    String field = TextFormat.printer().escapingNonAscii(false).printFieldToString(VARIABLE, value);
    return field.substring(field.indexOf('"')).strip();
  }

  private void remark(Remark remark) {
    text.append("remark {\n");
    string(
        SiteRemark.getDescriptor().findFieldByNumber(SiteRemark.SITE_FIELD_NUMBER), remark.site());
    string(
        SiteRemark.getDescriptor().findFieldByNumber(SiteRemark.TEXT_FIELD_NUMBER), remark.text());
    text.append("}\n");
  }

  private void string(int siteField, String value) {
    string(QuantizedSite.getDescriptor().findFieldByNumber(siteField), value);
  }

  /** Appends a string with the escapes it needs. */
  private void string(FieldDescriptor field, String value) {
    text.append("  ")
        .append(TextFormat.printer().escapingNonAscii(false).printFieldToString(field, value));
  }

  private void indented(String name, Object value) {
    text.append("  ");
    field(name, value);
  }

  private void field(String name, Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }

  /** Returns {@code x} rounded to the fewest digits that still read as {@code x}. */
  static String decimal(float x) {
    if (x == 0 || !Float.isFinite(x)) {
      return decimal((double) x);
    }
    BigDecimal exact = new BigDecimal(x);
    for (int digits = 1; ; digits++) {
      String decimal = decimal(exact, digits);
      if (digits == MAX_FLOAT_DIGITS || Float.parseFloat(decimal) == x) {
        return decimal;
      }
    }
  }

  /** Returns {@code x} rounded to the fewest digits that still read as {@code x}. */
  static String decimal(double x) {
    if (!Double.isFinite(x)) {
      return Double.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    }
    if (x == 0) {
      return 1 / x < 0 ? "-0.0" : "0";
    }
    BigDecimal exact = new BigDecimal(x);
    for (int digits = 1; ; digits++) {
      String decimal = decimal(exact, digits);
      if (digits == MAX_DOUBLE_DIGITS || Double.parseDouble(decimal) == x) {
        return decimal;
      }
    }
  }

  private static String decimal(BigDecimal exact, int digits) {
    BigDecimal rounded = exact.round(new MathContext(digits)).stripTrailingZeros();
    // Plain notation where it is short: 0.0012 and 1200, but 1.2E-9.
    int magnitude = rounded.precision() - rounded.scale();
    return magnitude > -4 && magnitude < 10 ? rounded.toPlainString() : rounded.toString();
  }
}
