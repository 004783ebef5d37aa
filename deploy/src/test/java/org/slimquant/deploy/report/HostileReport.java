package org.slimquant.deploy.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.testing.NamedStatistics;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;
import org.slimquant.sensitivity.Sensitivity;
import org.slimquant.sensitivity.Sensitivity.Effect;
import org.slimquant.sensitivity.Sensitivity.SiteEffects;

/** A model whose names and numbers are as bad for a page as they can be. */
final class HostileReport {

  static final String SCRIPT = "<script>alert(1)</script>";
  static final String QUOTES = "a\" onload='x' & &amp; ]]> <!-- \u0001 é😀";
  static final String LONG = "very".repeat(80) + "😀/" + "x".repeat(100);

  static final QuantizationPlan PLAN =
      new QuantizationPlan(
          List.of(
              site(SCRIPT + "/SlimQuant/images", Kind.INPUT, FixedPoint.unsigned(8, -8)),
              site(SCRIPT + "/SlimQuant/kernel", Kind.KERNEL, PerChannel.of(8, -7, -5)),
              site(SCRIPT + "/SlimQuant/bias", Kind.BIAS, new BiasFormat(List.of(-15, -13))),
              site(QUOTES + "/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(16, -126)),
              site(LONG + "/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(2, 100)),
              site("", Kind.OUTPUT, FixedPoint.signed(8, -4))),
          List.of(new Remark(SCRIPT, "has " + QUOTES), new Remark(LONG, LONG)));

  private HostileReport() {}

  private static Site site(String name, Kind kind, Format format) {
    return new Site(
        name,
        kind,
        name + ":0",
        format,
        kind == Kind.BIAS ? new Source.Derived() : new Source.Calibration("MIN_MSE", 1_352_000),
        kind == Kind.BIAS
            ? Optional.empty()
            : Optional.of(new TensorStatistics(-1e30f, 1e30f, 0.123, Double.NEGATIVE_INFINITY)));
  }

  static CalibrationStatistics statistics() {
    Random random = new Random(3);
    float[] normal = new float[5000];
    float[] large = new float[500];
    float[] small = new float[500];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < large.length; i++) {
      large[i] = (float) (random.nextGaussian() * 1e32);
      small[i] = (float) (random.nextGaussian() * 1e-35);
    }
    return new NamedStatistics()
        .site(SCRIPT + "/SlimQuant/images", normal)
        .site(SCRIPT + "/SlimQuant/kernel", normal, new float[] {0.01f, -2})
        .site(QUOTES + "/SlimQuant/output", small)
        .site(LONG + "/SlimQuant/output", large)
        .site("", new float[] {0, 0})
        .statistics();
  }

  static Sensitivity sensitivity() {
    return new Sensitivity(
        2,
        OptionalDouble.of(0.98765),
        PLAN.sites().stream()
            .map(
                site ->
                    new SiteEffects(
                        site,
                        site.name().isEmpty()
                            ? List.of()
                            : List.of(
                                new Effect(-1, 30.25, OptionalDouble.of(0.5)),
                                new Effect(0, Double.NEGATIVE_INFINITY, OptionalDouble.of(1)),
                                new Effect(1, 31.5, OptionalDouble.of(0)))))
            .toList());
  }

  /** A convolution, a sum of it and the input, and a dense layer whose sums float32 rounds. */
  static IntegerModel model() {
    FixedPoint wide = FixedPoint.signed(16, -4);
    IntegerTensor input = new IntegerTensor("images:0", List.of(4, 4, 2), wide);
    IntegerTensor conv = new IntegerTensor(SCRIPT + ":0", List.of(4, 4, 2), wide);
    IntegerTensor sum = new IntegerTensor(QUOTES + ":0", List.of(4, 4, 2), wide);
    IntegerTensor flat = new IntegerTensor("flat:0", List.of(32), wide);
    IntegerTensor scores = new IntegerTensor("logits:0", List.of(1), FixedPoint.signed(8, -4));
    int[] kernel = new int[32];
    Arrays.fill(kernel, 32767);
    return new IntegerModel(
        LONG,
        input,
        scores,
        List.of(
            new Conv2D(
                SCRIPT,
                input,
                Kernel.of(List.of(1, 1, 2, 2), FixedPoint.signed(8, -7), 1, 2, 3, 4),
                Codes.zeros(2),
                Window.of(1, 1),
                CodeRange.all(wide),
                conv),
            new Add(QUOTES, conv, input, CodeRange.all(wide), sum),
            new Reshape("flat", sum, flat),
            new Dense(
                LONG,
                flat,
                Kernel.of(List.of(32, 1), FixedPoint.signed(16, -7), kernel),
                Codes.zeros(1),
                CodeRange.all(scores.format()),
                scores)));
  }

  static QuantizationPlan older() {
    return new QuantizationPlan(
        List.of(
            site(SCRIPT + "/SlimQuant/images", Kind.INPUT, FixedPoint.unsigned(8, -7)),
            site(QUOTES + "/SlimQuant/gone", Kind.OUTPUT, FixedPoint.signed(8, -4))),
        List.of());
  }

  /** Returns a report with everything that there may be. */
  static QuantizationReport report() {
    return QuantizationReport.of(PLAN)
        .title(SCRIPT + QUOTES)
        .statistics(statistics())
        .sensitivity(sensitivity())
        .changesSince(older())
        .model(model())
        .certificate(ExactnessCertificate.of(model()))
        .accuracy("float", 0.98765)
        .accuracy(SCRIPT, 1)
        .size(LONG, 123_456_789);
  }
}
