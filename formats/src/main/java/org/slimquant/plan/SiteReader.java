package org.slimquant.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.proto.FromCalibration;
import org.slimquant.plan.proto.FromCompileTime;
import org.slimquant.plan.proto.QuantizedSite;
import org.slimquant.plan.proto.TensorOrigin;

/** Reads one site of a plan's file, and checks that each of its values is there and in range. */
final class SiteReader {

  private final QuantizedSite site;
  private final SiteErrors errors;

  SiteReader(QuantizedSite site, SiteErrors errors) {
    this.site = site;
    this.errors = errors;
  }

  Site read() throws PlanFormatException {
    for (int number :
        List.of(
            QuantizedSite.NAME_FIELD_NUMBER,
            QuantizedSite.KIND_FIELD_NUMBER,
            QuantizedSite.TENSOR_FIELD_NUMBER,
            QuantizedSite.BITS_FIELD_NUMBER,
            QuantizedSite.SIGNED_FIELD_NUMBER)) {
      FieldDescriptor field = SiteErrors.field(number);
      if (!site.hasField(field)) {
        throw errors.of("a site must have a %s, but has none".formatted(field.getName()));
      }
    }
    if (site.getName().isBlank()) {
      throw errors.of(QuantizedSite.NAME_FIELD_NUMBER, "name must not be blank, but is");
    }
    requireShort(QuantizedSite.NAME_FIELD_NUMBER, site.getName());
    requireShort(QuantizedSite.TENSOR_FIELD_NUMBER, site.getTensor());
    Kind kind = kind();
    return new Site(
        site.getName(),
        kind,
        site.getTensor(),
        new SiteFormatReader(site, kind, errors).read(),
        source(),
        measure(),
        origin());
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
      throw errors.of(QuantizedSite.CALIBRATED_ON_FIELD_NUMBER, e);
    }
  }

  /** Checks the length of a name: each row of a table is as wide as the longest name. */
  private void requireShort(int number, String name) throws PlanFormatException {
    if (name.length() > PlanReader.MAX_WORD) {
      throw errors.unnamed(
          "%s must have at most %d characters, but has %d"
              .formatted(SiteErrors.field(number).getName(), PlanReader.MAX_WORD, name.length()));
    }
  }

  private Kind kind() {
    return switch (site.getKind()) {
      case KERNEL -> Kind.KERNEL;
      case BIAS -> Kind.BIAS;
      case OUTPUT -> Kind.OUTPUT;
      case INPUT -> Kind.INPUT;
      case SUM -> Kind.SUM;
    };
  }

  private Source source() throws PlanFormatException {
    return switch (site.getSourceCase()) {
      case ANNOTATION -> new Source.Annotation();
      case CALIBRATION -> calibration(site.getCalibration());
      case COMPILE_TIME -> compileTime(site.getCompileTime());
      case DERIVED -> new Source.Derived();
      case HAND -> new Source.Hand();
      case SOURCE_NOT_SET ->
          throw errors.of(
              "a site must have a source: annotation, calibration, compile_time, derived or hand, but has none");
    };
  }

  private Source compileTime(FromCompileTime compileTime) throws PlanFormatException {
    if (compileTime.getFingerprint().isBlank()) {
      throw errors.of(
          QuantizedSite.COMPILE_TIME_FIELD_NUMBER,
          "compile_time must have the plan's fingerprint, but lacks it");
    }
    return new Source.CompileTime(compileTime.getFingerprint());
  }

  private Source calibration(FromCalibration calibration) throws PlanFormatException {
    if (calibration.getMethod().isBlank() || !calibration.hasSamples()) {
      throw errors.of(
          QuantizedSite.CALIBRATION_FIELD_NUMBER,
          "calibration must have method and samples, but lacks one");
    }
    if (calibration.getSamples() < 0) {
      throw errors.of(
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
      count += site.hasField(SiteErrors.field(number)) ? 1 : 0;
    }
    if (count == 0) {
      if (site.hasLostShare()) {
        throw errors.of(
            QuantizedSite.LOST_SHARE_FIELD_NUMBER,
            "lost_share must come with min, max, clipped_share and sqnr_db, but does not");
      }
      return Optional.empty();
    }
    if (count < 4) {
      throw errors.of("min, max, clipped_share and sqnr_db must come together, but one is missing");
    }
    // Written so that NaN fails too.
    if (!(Float.isFinite(site.getMin()) && Float.isFinite(site.getMax()))) {
      throw errors.of(
          QuantizedSite.MIN_FIELD_NUMBER,
          "min and max must be finite, but are %s and %s".formatted(site.getMin(), site.getMax()));
    }
    if (site.getMin() > site.getMax()) {
      throw errors.of(
          QuantizedSite.MIN_FIELD_NUMBER,
          "min must not exceed max, but they are %s and %s"
              .formatted(site.getMin(), site.getMax()));
    }
    if (!(site.getClippedShare() >= 0 && site.getClippedShare() <= 1)) {
      throw errors.of(
          QuantizedSite.CLIPPED_SHARE_FIELD_NUMBER,
          "clipped_share must be between 0 and 1, but is " + site.getClippedShare());
    }
    if (Double.isNaN(site.getSqnrDb())) {
      throw errors.of(QuantizedSite.SQNR_DB_FIELD_NUMBER, "sqnr_db must be a number, but is NaN");
    }
    if (!(site.getLostShare() >= 0 && site.getLostShare() <= 1)) {
      throw errors.of(
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
}
