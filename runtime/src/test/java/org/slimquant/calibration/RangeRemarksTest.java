package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.TensorStatistics;

/** The remarks of calibration on tensors that their formats do not suit. */
final class RangeRemarksTest {

  private static final Calibrated INT8 = Calibrated.signed(8);
  private static final String SITE = "layer/SlimQuant/output";

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  static Stream<CalibrationMethod> methods() {
    return Stream.of(
        CalibrationMethod.MIN_MSE, CalibrationMethod.MAX, CalibrationMethod.PERCENTILE);
  }

  @Test
  void anOutputThatIsNeverNegative(@TempDir Path folder) throws IOException {
    float[] elements = elements(1000, () -> Math.min(3.9, Math.abs(random.nextGaussian())));

    QuantizationPlan plan = plan(Kind.OUTPUT, FixedPoint.signed(8, -5), elements);

    assertThat(plan.remarks())
        .containsExactly(
            new Remark(
                SITE,
                "is never negative, so that half of the codes of int8 are not used: let the layer"
                    + " have sign = Sign.UNSIGNED and outputFrac = -6, or leave both to"
                    + " calibration"));
    assertThat(remarks(Kind.OUTPUT, FixedPoint.unsigned(8, -6), elements)).isEmpty();
    assertThat(remarks(Kind.OUTPUT, Calibrated.unsigned(8), elements)).isEmpty();
    assertThat(remarks(Kind.KERNEL, FixedPoint.signed(8, -5), elements)).isEmpty();
    // The annotation asks for signed codes.
    assertThat(remarks(Kind.OUTPUT, INT8, elements)).isEmpty();
    plan.write(folder.resolve("plan"));
    assertThat(QuantizationPlan.read(folder.resolve("plan"))).isEqualTo(plan);
    assertThat(plan.toString()).endsWith("\n\n" + SITE + ": " + plan.remarks().get(0).text());
  }

  @Test
  void anInputThatIsNeverNegative() {
    FixedPoint pixels = FixedPoint.signed(8, -7);

    assertThat(remarks(Kind.INPUT, pixels, 0.1f, 0.7f, 0.33f))
        .containsExactly(
            "is never negative, so that half of the codes of int8 are not used: let the parameter's"
                + " annotation have sign = Sign.UNSIGNED and frac = -8, or leave both to"
                + " calibration");
    // No element is lost, so another format gains nothing.
    assertThat(remarks(Kind.INPUT, pixels, 0, 0.25f, 0.5f)).isEmpty();
  }

  @Test
  void anUnsignedFormatOfNegativeElements() {
    assertThat(remarks(Kind.OUTPUT, Calibrated.unsigned(8), 3.3f, -2.5f, 1.7f, 0.2f))
        .containsExactly(
            "has negative elements down to -2.50, which become 0 in uint8: take sign ="
                + " Sign.UNSIGNED away");
    assertThat(remarks(Kind.OUTPUT, INT8, 3.3f, -2.5f, 1.7f, 0.2f)).isEmpty();
  }

  @Test
  void aFixedFormatThatClips() {
    float[] elements = {-7.5f, 1.25f, 3, 0.5f, -0.25f, 6.5f};

    assertThat(remarks(Kind.OUTPUT, FixedPoint.signed(8, -7), elements))
        .containsExactly(
            "66.7 % of its elements are clipped, as they reach from -7.50 to 6.50 and int8 * 2^-7"
                + " holds -0.992 to 0.992: let outputFrac be -4");
    assertThat(remarks(Kind.OUTPUT, FixedPoint.signed(8, -4), elements)).isEmpty();
    // The largest code serves for a pixel of 1.
    assertThat(remarks(Kind.INPUT, FixedPoint.unsigned(8, -8), 0.3f, 1, 1, 0)).isEmpty();
  }

  @Test
  void whatDeadChannelsComputeIsNotMissed() {
    float[] elements = join(elements(1000, random::nextGaussian), elements(3000, () -> -1e-30));

    assertThat(remarks(Kind.OUTPUT, INT8, elements)).isEmpty();
    assertThat(
            plan(Kind.OUTPUT, INT8, elements)
                .sites()
                .get(0)
                .measure()
                .orElseThrow()
                .lostShare()
                .orElseThrow())
        .isLessThan(0.03);
  }

  /** Four of five places of a sequence are padding. */
  @ParameterizedTest
  @MethodSource("methods")
  void aMaskBesideScores(CalibrationMethod method) {
    float[] scores = elements(1000, () -> clamp(random.nextGaussian(), 3));
    float[] masked = with(scores, 4000, -1e9f);

    TensorStatistics measure =
        plan(method, Kind.OUTPUT, INT8, masked).sites().get(0).measure().orElseThrow();
    assertThat(measure.sqnrDb()).isGreaterThan(25d);
    assertThat(measure.lostShare().orElseThrow()).isEqualTo(0.2);
    assertThat(measure.clippedShare()).isEqualTo(0);
    List<String> remarks = remarks(method, Kind.OUTPUT, INT8, masked);
    assertThat(remarks).hasSize(1);
    assertThat(remarks.get(0))
        .startsWith(
            "20.0 % of its elements that are not 0 become 0, because others are as large as 1.00e+09"
                + " and the step is 8.39e+06, while 20.0 % of all lie within ");
    assertThat(remarks.get(0))
        .contains("if the large ones are a mask, let it be a few times that range");

    float[] smaller = with(scores, 4000, -12);
    assertThat(remarks(method, Kind.OUTPUT, INT8, smaller)).isEmpty();
    assertThat(
            plan(method, Kind.OUTPUT, INT8, smaller)
                .sites()
                .get(0)
                .measure()
                .orElseThrow()
                .lostShare()
                .orElseThrow())
        .isLessThan(0.03);
  }

  @Test
  void oneOutlierInAThousand() {
    float[] elements = elements(99_900, () -> clamp(random.nextGaussian(), 4));
    float[] outliers = with(elements, 100, 1000);

    String remark = remarks(Kind.OUTPUT, INT8, outliers).get(0);

    assertThat(remark).contains("while 99.9 % of all lie within -");
    assertThat(remark)
        .endsWith("; if they may be clipped, let outputFrac be -4; or let outputBits be 16");
    // Each of these ways helps.
    QuantizationPlan clipped = plan(Kind.OUTPUT, FixedPoint.signed(8, -4), outliers);
    assertThat(clipped.remarks()).isEmpty();
    assertThat(clipped.sites().get(0).measure().orElseThrow().lostShare().orElseThrow())
        .isLessThan(0.03);
    assertThat(remarks(Kind.OUTPUT, Calibrated.signed(16), outliers)).isEmpty();
    assertThat(remarks(CalibrationMethod.percentile(99.8), Kind.OUTPUT, INT8, outliers)).isEmpty();
  }

  @Test
  void sixteenBitsAreNotNamedWhereTheyDoNotHelp() {
    float[] outliers = with(elements(9990, random::nextGaussian), 10, 1e8f);

    assertThat(remarks(Kind.OUTPUT, INT8, outliers).get(0)).doesNotContain("16");
    assertThat(remarks(Kind.OUTPUT, Calibrated.signed(16), outliers)).hasSize(1);
  }

  /** Four coordinates of each box in pixels, and one probability. */
  @Test
  void boxesAndClassesThatAConcatJoins() {
    float[] classes = elements(1000, random::nextDouble);
    float[] boxes = elements(4000, () -> 640 * random.nextDouble());
    float[] scaled = new float[4000];
    for (int i = 0; i < 4000; i++) {
      scaled[i] = boxes[i] / 640;
    }

    assertThat(remarks(Kind.OUTPUT, Calibrated.unsigned(8), join(boxes, classes)).get(0))
        .contains("if a concat joins them, scale its inputs to one range or return them apart");
    assertThat(remarks(Kind.OUTPUT, Calibrated.unsigned(8), join(scaled, classes))).isEmpty();
    assertThat(remarks(Kind.OUTPUT, Calibrated.unsigned(8), boxes)).isEmpty();
    assertThat(remarks(Kind.OUTPUT, Calibrated.unsigned(8), classes)).isEmpty();
  }

  @Test
  void aKernelWhoseChannelsAreAThousandfoldApart() {
    float[] small = elements(3000, () -> 1e-3 * random.nextGaussian());
    float[] large = elements(1000, random::nextGaussian);

    assertThat(remarks(Kind.KERNEL, INT8, join(small, large)).get(0))
        .contains("let perChannel = true");
    SiteStatistics perChannel =
        new SiteStatistics(
            SITE,
            Kind.KERNEL,
            "x:0",
            Calibrated.perChannel(8),
            List.of(Histogram.of(small), Histogram.of(large)));
    assertThat(plan(CalibrationMethod.MIN_MSE, perChannel).remarks()).isEmpty();
    // Elements that float32 itself loses beside the others do not count.
    assertThat(remarks(Kind.KERNEL, INT8, join(elements(3000, () -> 1e-30), large))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void ordinaryTensorsHaveNoRemark(int bits) {
    List<DoubleSupplier> signed =
        List.of(
            random::nextGaussian,
            () -> 2 * random.nextDouble() - 1,
            this::laplace,
            () -> swish(random.nextGaussian()));
    List<DoubleSupplier> unsigned =
        List.of(
            () -> Math.max(0, random.nextGaussian()),
            // One in fifty is above 0.
            () -> Math.max(0, random.nextGaussian() - 2),
            () -> Math.abs(laplace()),
            () -> random.nextInt(256) / 255.0,
            () -> random.nextInt(10) == 0 ? random.nextInt(256) / 255.0 : 0);
    if (bits > 4) {
      signed = new ArrayList<>(signed);
      // Channels whose sizes are a hundredfold apart.
      signed.add(() -> Math.pow(10, -2 * random.nextDouble()) * random.nextGaussian());
    }
    for (CalibrationMethod method : methods().toList()) {
      if (bits == 4 && !method.equals(CalibrationMethod.MIN_MSE)) {
        continue;
      }
      for (DoubleSupplier tensor : signed) {
        assertWithMessage("seed %s, %s, %s", seed, method, signed.indexOf(tensor))
            .that(remarks(method, Kind.OUTPUT, Calibrated.signed(bits), elements(50_000, tensor)))
            .isEmpty();
      }
      for (DoubleSupplier tensor : unsigned) {
        assertWithMessage("seed %s, %s, unsigned %s", seed, method, unsigned.indexOf(tensor))
            .that(remarks(method, Kind.OUTPUT, Calibrated.unsigned(bits), elements(50_000, tensor)))
            .isEmpty();
      }
    }
  }

  private static double swish(double x) {
    return x / (1 + Math.exp(-x));
  }

  private double laplace() {
    double magnitude = -Math.log(1 - random.nextDouble());
    return random.nextBoolean() ? magnitude : -magnitude;
  }

  private static double clamp(double x, double limit) {
    return Math.max(-limit, Math.min(limit, x));
  }

  private static float[] elements(int count, DoubleSupplier element) {
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = (float) element.getAsDouble();
    }
    return elements;
  }

  private static float[] with(float[] elements, int count, float other) {
    return join(elements, elements(count, () -> other));
  }

  private static float[] join(float[] a, float[] b) {
    float[] joined = new float[a.length + b.length];
    System.arraycopy(a, 0, joined, 0, a.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  private static List<String> remarks(Kind kind, FormatRequest request, float... elements) {
    return remarks(CalibrationMethod.MIN_MSE, kind, request, elements);
  }

  private static List<String> remarks(
      CalibrationMethod method, Kind kind, FormatRequest request, float... elements) {
    return plan(method, kind, request, elements).remarks().stream().map(Remark::text).toList();
  }

  private static QuantizationPlan plan(Kind kind, FormatRequest request, float... elements) {
    return plan(CalibrationMethod.MIN_MSE, kind, request, elements);
  }

  private static QuantizationPlan plan(
      CalibrationMethod method, Kind kind, FormatRequest request, float... elements) {
    return plan(
        method, new SiteStatistics(SITE, kind, "x:0", request, List.of(Histogram.of(elements))));
  }

  private static QuantizationPlan plan(CalibrationMethod method, SiteStatistics site) {
    return new CalibrationStatistics(List.of(site), List.of(), List.of(), 1).plan(method);
  }
}
