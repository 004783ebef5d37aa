package org.slimquant.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormatParseInfoTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.proto.FromCalibration;
import org.slimquant.plan.proto.FromCompileTime;
import org.slimquant.plan.proto.QuantizedSite;
import org.slimquant.plan.proto.TensorOrigin;

/** Reads one site of a plan's file, and checks that each of its values is there and in range. */
final class SiteReader {

  private final Path file;
  private final int line;
  private final QuantizedSite site;
  private final TextFormatParseInfoTree places;

  SiteReader(Path file, int line, QuantizedSite site, TextFormatParseInfoTree places) {
    this.file = file;
    this.line = line;
    this.site = site;
    this.places = places;
  }

  Site read() throws PlanFormatException {
    for (int number :
        List.of(
            QuantizedSite.NAME_FIELD_NUMBER,
            QuantizedSite.KIND_FIELD_NUMBER,
            QuantizedSite.TENSOR_FIELD_NUMBER,
            QuantizedSite.BITS_FIELD_NUMBER,
            QuantizedSite.SIGNED_FIELD_NUMBER)) {
      FieldDescriptor field = field(number);
      if (!site.hasField(field)) {
        throw error("a site must have a %s, but has none".formatted(field.getName()));
      }
    }
    if (site.getName().isBlank()) {
      throw error(QuantizedSite.NAME_FIELD_NUMBER, "name must not be blank, but is");
    }
    requireShort(QuantizedSite.NAME_FIELD_NUMBER, site.getName());
    requireShort(QuantizedSite.TENSOR_FIELD_NUMBER, site.getTensor());
    return new Site(
        site.getName(), kind(), site.getTensor(), format(), source(), measure(), origin());
  }

  private Optional<Origin> origin() throws PlanFormatException {
    if (!site.hasCalibratedOn()) {
      return Optional.empty();
    }
    TensorOrigin origin = site.getCalibratedOn();
    Optional<Weights> weights =
        switch (origin.getWeightsCase()) {
          case VARIABLE -> Optional.of(new Weights(origin.getVariable(), false));
          case CONSTANT -> Optional.of(new Weights(origin.getConstant(), true));
          case WEIGHTS_NOT_SET -> Optional.empty();
        };
    try {
      return Optional.of(new Origin(weights, origin.getOpList(), origin.getShapeList()));
    } catch (IllegalArgumentException e) {
      throw error(QuantizedSite.CALIBRATED_ON_FIELD_NUMBER, e);
    }
  }

  /** Tables are as wide as the longest name, in each of their rows. */
  private void requireShort(int number, String name) throws PlanFormatException {
    if (name.length() > PlanReader.MAX_WORD) {
      throw PlanReader.error(
          file,
          line,
          "%s must have at most %d characters, but has %d"
              .formatted(field(number).getName(), PlanReader.MAX_WORD, name.length()));
    }
  }

  private Kind kind() {
    return switch (site.getKind()) {
      case KERNEL -> Kind.KERNEL;
      case BIAS -> Kind.BIAS;
      case OUTPUT -> Kind.OUTPUT;
      case INPUT -> Kind.INPUT;
    };
  }

  private Format format() throws PlanFormatException {
    boolean perChannel = site.getChannelFracCount() > 0;
    if (site.hasFrac() == perChannel) {
      throw error(
          "a site must have either frac or channel_frac, but has "
              + (perChannel ? "both" : "neither"));
    }
    List<Integer> fracs = perChannel ? site.getChannelFracList() : List.of(site.getFrac());
    if (kind() == Kind.BIAS) {
      return biasFormat(fracs);
    }
    try {
      FixedPoint.requireBits(site.getBits());
    } catch (IllegalArgumentException e) {
      throw error(QuantizedSite.BITS_FIELD_NUMBER, e);
    }
    for (int i = 0; i < fracs.size(); i++) {
      try {
        FixedPoint.signed(site.getBits(), fracs.get(i));
      } catch (IllegalArgumentException e) {
        throw fracError(i, String.valueOf(e.getMessage()));
      }
    }
    if (!perChannel) {
      return new FixedPoint(site.getBits(), site.getFrac(), site.getSigned());
    }
    if (kind() != Kind.KERNEL) {
      throw error(
          QuantizedSite.CHANNEL_FRAC_FIELD_NUMBER,
          "only a kernel or a bias must have channel_frac, but this is of kind " + site.getKind());
    }
    requireSigned("a kernel with channel_frac");
    return new PerChannel(site.getBits(), fracs);
  }

  private BiasFormat biasFormat(List<Integer> fracs) throws PlanFormatException {
    if (site.getBits() != Integer.SIZE) {
      throw error(
          QuantizedSite.BITS_FIELD_NUMBER,
          "bits of a bias must be %d, but is %d".formatted(Integer.SIZE, site.getBits()));
    }
    requireSigned("a bias");
    for (int i = 0; i < fracs.size(); i++) {
      if (!BiasFormat.holds(fracs.get(i))) {
        throw fracError(
            i,
            "frac of a bias must be between %d and %d, but is %d"
                .formatted(BiasFormat.MIN_FRAC, BiasFormat.MAX_FRAC, fracs.get(i)));
      }
    }
    return new BiasFormat(fracs);
  }

  private void requireSigned(String subject) throws PlanFormatException {
    if (!site.getSigned()) {
      throw error(QuantizedSite.SIGNED_FIELD_NUMBER, subject + " must be signed, but is not");
    }
  }

  private Source source() throws PlanFormatException {
    return switch (site.getSourceCase()) {
      case ANNOTATION -> new Source.Annotation();
      case CALIBRATION -> calibration(site.getCalibration());
      case COMPILE_TIME -> compileTime(site.getCompileTime());
      case DERIVED -> new Source.Derived();
      case HAND -> new Source.Hand();
      case SOURCE_NOT_SET ->
          throw error(
              "a site must have a source: annotation, calibration, compile_time, derived or hand, but has none");
    };
  }

  private Source compileTime(FromCompileTime compileTime) throws PlanFormatException {
    if (compileTime.getFingerprint().isBlank()) {
      throw error(
          QuantizedSite.COMPILE_TIME_FIELD_NUMBER,
          "compile_time must have the plan's fingerprint, but lacks it");
    }
    return new Source.CompileTime(compileTime.getFingerprint());
  }

  private Source calibration(FromCalibration calibration) throws PlanFormatException {
    if (calibration.getMethod().isBlank() || !calibration.hasSamples()) {
      throw error(
          QuantizedSite.CALIBRATION_FIELD_NUMBER,
          "calibration must have method and samples, but lacks one");
    }
    if (calibration.getSamples() < 0) {
      throw error(
          QuantizedSite.CALIBRATION_FIELD_NUMBER,
          "samples must not be negative, but is %d".formatted(calibration.getSamples()));
    }
    return new Source.Calibration(calibration.getMethod(), calibration.getSamples());
  }

  private Optional<TensorStatistics> measure() throws PlanFormatException {
    int count = 0;
    for (int number :
        List.of(
            QuantizedSite.MIN_FIELD_NUMBER,
            QuantizedSite.MAX_FIELD_NUMBER,
            QuantizedSite.CLIPPED_SHARE_FIELD_NUMBER,
            QuantizedSite.SQNR_DB_FIELD_NUMBER)) {
      count += site.hasField(field(number)) ? 1 : 0;
    }
    if (count == 0) {
      if (site.hasLostShare()) {
        throw error(
            QuantizedSite.LOST_SHARE_FIELD_NUMBER,
            "lost_share must come with min, max, clipped_share and sqnr_db, but does not");
      }
      return Optional.empty();
    }
    if (count < 4) {
      throw error("min, max, clipped_share and sqnr_db must come together, but one is missing");
    }
    // Written so that NaN fails, too.
    if (!(Float.isFinite(site.getMin()) && Float.isFinite(site.getMax()))) {
      throw error(
          QuantizedSite.MIN_FIELD_NUMBER,
          "min and max must be finite, but are %s and %s".formatted(site.getMin(), site.getMax()));
    }
    if (site.getMin() > site.getMax()) {
      throw error(
          QuantizedSite.MIN_FIELD_NUMBER,
          "min must not exceed max, but they are %s and %s"
              .formatted(site.getMin(), site.getMax()));
    }
    if (!(site.getClippedShare() >= 0 && site.getClippedShare() <= 1)) {
      throw error(
          QuantizedSite.CLIPPED_SHARE_FIELD_NUMBER,
          "clipped_share must be between 0 and 1, but is " + site.getClippedShare());
    }
    if (Double.isNaN(site.getSqnrDb())) {
      throw error(QuantizedSite.SQNR_DB_FIELD_NUMBER, "sqnr_db must be a number, but is NaN");
    }
    if (!(site.getLostShare() >= 0 && site.getLostShare() <= 1)) {
      throw error(
          QuantizedSite.LOST_SHARE_FIELD_NUMBER,
          "lost_share must be between 0 and 1, but is " + site.getLostShare());
    }
    return Optional.of(
        new TensorStatistics(
            site.getMin(),
            site.getMax(),
            site.getClippedShare(),
            site.getSqnrDb(),
            site.hasLostShare() ? OptionalDouble.of(site.getLostShare()) : OptionalDouble.empty()));
  }

  private PlanFormatException fracError(int channel, String reason) {
    // protobuf knows the line of a list, not those of its elements.
    return site.hasFrac()
        ? error(QuantizedSite.FRAC_FIELD_NUMBER, reason)
        : error(
            QuantizedSite.CHANNEL_FRAC_FIELD_NUMBER, "channel %d: %s".formatted(channel, reason));
  }

  private PlanFormatException error(String reason) {
    return PlanReader.error(file, line, named(reason));
  }

  private PlanFormatException error(int number, IllegalArgumentException reason) {
    return error(number, String.valueOf(reason.getMessage()));
  }

  private PlanFormatException error(int number, String reason) {
    int place = places.getLocation(field(number), 0).getLine() + 1;
    return PlanReader.error(file, place, named(reason));
  }

  private String named(String reason) {
    return site.hasName() ? "site %s: %s".formatted(site.getName(), reason) : reason;
  }

  private static FieldDescriptor field(int number) {
    return QuantizedSite.getDescriptor().findFieldByNumber(number);
  }
}
