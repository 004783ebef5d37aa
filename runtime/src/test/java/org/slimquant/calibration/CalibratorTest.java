package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.runtime.testing.TwoLayerModel;
import org.slimquant.runtime.testing.TwoLayerModel.Requests;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** From batches to a plan, and from the plan to a quantized graph. */
final class CalibratorTest {

  private static final int BATCHES = 6;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCalibratedModelHasEveryTensorOnItsGrid(boolean perChannel) {
    Requests requests = perChannel ? Requests.PER_CHANNEL : Requests.CALIBRATED;
    QuantizationPlan plan = calibrate(requests).plan(CalibrationMethod.MIN_MSE);
    assertThat(plan.sites()).hasSize(7);
    for (Site site : plan.sites()) {
      assertThat(site.source()).isInstanceOf(Source.Calibration.class);
      assertWithMessage(site.name()).that(site.measure().orElseThrow().sqnrDb()).isGreaterThan(25d);
    }
    if (perChannel) {
      assertThat(plan.sites().get(1).format()).isInstanceOf(PerChannel.class);
      assertThat(plan.sites().get(1).format().fracs()).hasSize(8);
      assertThat(plan.sites().get(3).format().fracs()).hasSize(16);
      assertThat(plan.sites().get(5).format().fracs()).hasSize(5);
    }

    try (TwoLayerModel<GraphQuantizer> net = TwoLayerModel.fakeQuant(requests, plan);
        TFloat32 batch = TwoLayerModel.batch(2, 99)) {
      List<Site> sites = new ArrayList<>(net.quantizer.plan().sites());
      for (Site site : sites) {
        Format format = site.format();
        float[] elements = net.fetch(site.name() + ":0", batch);
        for (int i = 0; i < elements.length; i++) {
          // In all kernels of this net, and in the bias, channels run fastest.
          int frac = format.fracs().get(i % format.fracs().size());
          double code = Math.scalb((double) elements[i], -frac);
          assertThat(code).isEqualTo(Math.rint(code));
          double maxCode = Math.scalb(1d, format.bits() - (format.signed() ? 1 : 0)) - 1;
          assertThat(code).isAtMost(maxCode);
          assertThat(code).isAtLeast(format.signed() ? -maxCode : 0);
        }
      }
      Site bias = sites.remove(2);
      assertThat(sites).containsExactlyElementsIn(plan.sites()).inOrder();
      assertThat(bias.name()).isEqualTo("conv1/SlimQuant/bias");
      assertThat(bias.source()).isEqualTo(new Source.Derived());
      int inputFrac = plan.sites().get(0).format().fracs().get(0);
      assertThat(bias.format().fracs())
          .isEqualTo(
              plan.sites().get(1).format().fracs().stream()
                  .map(kernelFrac -> inputFrac + kernelFrac)
                  .toList());
      assertThat(net.quantizer.verify()).isEmpty();
    }
  }

  @Test
  void thePlanIsTheSameHoweverTheBatchesAreDivided() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    CalibrationStatistics one = calibrate(Requests.PER_CHANNEL);
    for (int round = 0; round < 3; round++) {
      int processes = 1 + random.nextInt(4);
      List<Integer> order = new ArrayList<>(IntStream.range(0, BATCHES).boxed().toList());
      Collections.shuffle(order, random);
      Map<Integer, List<Integer>> shares = new HashMap<>();
      for (int batch : order) {
        shares.computeIfAbsent(random.nextInt(processes), i -> new ArrayList<>()).add(batch);
      }
      List<CalibrationStatistics> parts = new ArrayList<>();
      for (int i = 0; i <= processes; i++) {
        parts.add(calibrate(Requests.PER_CHANNEL, shares.getOrDefault(i, List.of())));
      }
      Collections.shuffle(parts, random);
      CalibrationStatistics merged =
          parts.stream().reduce(CalibrationStatistics::merge).orElseThrow();

      assertWithMessage("seed %s", seed).that(merged.sites()).isEqualTo(one.sites());
      assertThat(merged.batches()).isEqualTo(BATCHES);
      for (CalibrationMethod method :
          List.of(CalibrationMethod.MIN_MSE, CalibrationMethod.MAX, CalibrationMethod.PERCENTILE)) {
        assertWithMessage("seed %s, %s", seed, method)
            .that(merged.plan(method))
            .isEqualTo(one.plan(method));
      }
    }
  }

  @Test
  void threadsShareACalibrator() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Long> progress = new ArrayList<>();
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.CALIBRATED)) {
      Calibrator calibrator = net.quantizer.calibrator(net.session, progress::add);
      List<Future<?>> added = new ArrayList<>();
      for (int i = 0; i < BATCHES; i++) {
        int seed = i;
        added.add(threads.submit(() -> add(calibrator, net, seed)));
      }
      for (Future<?> future : added) {
        future.get();
      }

      assertThat(calibrator.statistics().sites()).isEqualTo(calibrate(Requests.CALIBRATED).sites());
      assertThat(progress).containsExactly(1L, 2L, 3L, 4L, 5L, 6L).inOrder();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void extremesAndCountsAreThoseOfTheElements() {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.CALIBRATED);
        TFloat32 batch = TwoLayerModel.batch(3, 0)) {
      Calibrator calibrator = net.quantizer.calibrator(net.session);
      calibrator.add(runner -> runner.feed(net.images, batch));
      for (SiteStatistics site : calibrator.statistics().sites()) {
        float[] elements = net.fetch(site.tensor(), batch);
        Histogram whole = Histogram.of(elements);
        Histogram observed = site.channels().get(0);

        assertThat(observed.min()).isEqualTo(whole.min());
        assertThat(observed.max()).isEqualTo(whole.max());
        assertWithMessage(site.name())
            .that(observed)
            .isEqualTo(
                switch (site.name()) {
                  case "conv1/SlimQuant/images" -> whole;
                  case "conv1/SlimQuant/output" -> onAnyGrid(everyEleventhPlace(elements), whole);
                  default -> onAnyGrid(whole, whole);
                });
      }
    }
  }

  private static Histogram everyEleventhPlace(float[] elements) {
    int places = TwoLayerModel.SIZE * TwoLayerModel.SIZE;
    float[] counted = new float[elements.length / places * Observer.countedPlaces(places).length];
    int next = 0;
    for (int i = 0; i < elements.length; i++) {
      if (i / 8 % places % 11 == 0) {
        counted[next++] = elements[i];
      }
    }
    return Histogram.of(counted);
  }

  /** Returns the counts of one histogram with the extremes of another. */
  private static Histogram onAnyGrid(Histogram counted, Histogram whole) {
    return new Histogram(counted.bins(), counted.counts(), whole.min(), whole.max(), Grid.OF_ANY);
  }

  @Test
  void pixelsOnAGridAreExact() {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.CALIBRATED);
        TFloat32 batch = TwoLayerModel.batch(3, 0)) {
      batch.scalars().forEach(pixel -> pixel.setFloat(Math.round(pixel.getFloat() * 8) / 8f));
      Calibrator calibrator = net.quantizer.calibrator(net.session);
      calibrator.add(runner -> runner.feed(net.images, batch));
      Site pixels = calibrator.plan().sites().get(0);

      assertThat(pixels.name()).isEqualTo("conv1/SlimQuant/images");
      assertThat(pixels.measure().orElseThrow().sqnrDb()).isPositiveInfinity();

      try (TFloat32 other = TwoLayerModel.batch(1, 1)) {
        calibrator.add(runner -> runner.feed(net.images, other));
      }
      assertThat(calibrator.plan().sites().get(0).measure().orElseThrow().sqnrDb()).isFinite();
    }
  }

  @Test
  void aKernelIsCountedOnceAndAnActivationWithEachBatch() {
    CalibrationStatistics statistics = calibrate(Requests.PER_CHANNEL);

    for (SiteStatistics site : statistics.sites()) {
      long elements =
          switch (site.name()) {
            case "conv1/SlimQuant/kernel" -> 72;
            case "depthwise/SlimQuant/kernel" -> 144;
            case "dense/SlimQuant/kernel" -> 5 * 576;
            case "conv1/SlimQuant/images" -> BATCHES * 4 * 576;
            case "conv1/SlimQuant/output" -> BATCHES * 4 * 53 * 8;
            case "depthwise/SlimQuant/output" -> BATCHES * 4 * 576;
            case "dense/SlimQuant/output" -> BATCHES * 4 * 5;
            default -> throw new AssertionError(site.name());
          };
      assertWithMessage(site.name()).that(site.count()).isEqualTo(elements);
    }
  }

  @Test
  void eachChannelOfADepthwiseKernelHasItsOwnHistogram() {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(Requests.PER_CHANNEL);
        TFloat32 batch = TwoLayerModel.batch(1, 0)) {
      Calibrator calibrator = net.quantizer.calibrator(net.session);
      calibrator.add(runner -> runner.feed(net.images, batch));
      SiteStatistics site = calibrator.statistics().sites().get(3);
      float[] kernel = net.fetch(site.tensor(), batch);

      for (int channel = 0; channel < 16; channel++) {
        float[] elements = new float[9];
        for (int i = 0; i < 9; i++) {
          elements[i] = kernel[16 * i + channel];
        }
        assertThat(site.channels().get(channel)).isEqualTo(Histogram.of(elements));
      }
    }
  }

  @Test
  void aFixedFormatStaysAndIsMeasured() {
    QuantizationPlan plan = calibrate(Requests.FIXED).plan(CalibrationMethod.MIN_MSE);

    Site images = plan.sites().get(0);
    assertThat(images.format()).isEqualTo(FixedPoint.signed(8, -5));
    assertThat(images.source()).isEqualTo(new Source.Annotation());
    TensorStatistics measure = images.measure().orElseThrow();
    assertThat(measure.min()).isLessThan(-3f);
    assertThat(measure.max()).isGreaterThan(3f);
    assertThat(measure.sqnrDb()).isWithin(1).of(41);
    try (TwoLayerModel<GraphQuantizer> net = TwoLayerModel.fakeQuant(Requests.FIXED, plan)) {
      List<Site> sites = new ArrayList<>(net.quantizer.plan().sites());
      assertThat(sites.remove(2).kind()).isEqualTo(Kind.BIAS);
      assertThat(sites).isEqualTo(plan.sites());
      assertThat(net.quantizer.plan().remarks()).isEqualTo(plan.remarks());
    }
  }

  @Test
  void shareAndRatioHaveNoDigitsThatMeanNothing() {
    assertThat(statistics(-1, 2, new QuantizationError(1000, 3, 12345, 1_000_000_000), 1 / 3d))
        .isEqualTo(new TensorStatistics(-1, 2, 1.23e-5, 25.23, OptionalDouble.of(0.333)));
    assertThat(statistics(-1, 2, new QuantizationError(1, 1e9, 999.9, 1000), 0.99999))
        .isEqualTo(new TensorStatistics(-1, 2, 1, -90, OptionalDouble.of(1)));
    assertThat(statistics(0, 0, QuantizationError.NONE, 0))
        .isEqualTo(new TensorStatistics(0, 0, 0, Double.POSITIVE_INFINITY, OptionalDouble.of(0)));
    assertThat(statistics(0, 1, new QuantizationError(0, 1, 0, 1), 0).sqnrDb())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  private static TensorStatistics statistics(
      float min, float max, QuantizationError loss, double lostShare) {
    return TensorStatistics.rounded(min, max, loss.clippedShare(), loss.sqnrDb(), lostShare);
  }

  @Test
  void constantsAndZeros() {
    assertThat(planOf(Calibrated.signed(8), 1, 1).toString())
        .isEqualTo(
            "int8 * 2^-6 MIN_MSE of 2 TensorStatistics[min=1.0, max=1.0, clippedShare=0.0,"
                + " sqnrDb=Infinity, lostShare=OptionalDouble[0.0]] []");
    assertThat(planOf(Calibrated.signed(8), 0, -0f, Float.MIN_VALUE).toString())
        .isEqualTo(
            "int8 * 2^-7 MIN_MSE of 3 TensorStatistics[min=0.0, max=0.0, clippedShare=0.0,"
                + " sqnrDb=Infinity, lostShare=OptionalDouble[0.0]] [Remark[site=relu/SlimQuant/output, text=has no element that its"
                + " format can tell from 0; its exponent means nothing]]");
    assertThat(planOf(Calibrated.unsigned(8), -4).toString())
        .isEqualTo(
            "uint8 * 2^-8 MIN_MSE of 1 TensorStatistics[min=-4.0, max=-4.0, clippedShare=1.0,"
                + " sqnrDb=0.0, lostShare=OptionalDouble[0.0]] [Remark[site=relu/SlimQuant/output, text=has no element that its"
                + " format can tell from 0; its exponent means nothing]]");
    assertThat(planOf(Calibrated.signed(8), Float.MAX_VALUE, 1e-38f).toString())
        .startsWith("int8 * 2^120 MIN_MSE of 2 ");
  }

  @Test
  void aDeadChannelHasTheExponentOfTheCoarsestOther() {
    SiteStatistics site =
        new SiteStatistics(
            "a/SlimQuant/kernel",
            Kind.KERNEL,
            "kernel:0",
            Calibrated.perChannel(8),
            List.of(Histogram.of(0, 0), Histogram.of(1, -1), Histogram.of(3, 8)));

    QuantizationPlan plan =
        new CalibrationStatistics(List.of(site), List.of(), List.of(), 1)
            .plan(CalibrationMethod.MAX);

    assertThat(plan.sites().get(0).format()).isEqualTo(PerChannel.of(8, -3, -6, -3));
    assertThat(plan.remarks())
        .containsExactly(
            new Remark(
                "a/SlimQuant/kernel",
                "channels [0] are 0 throughout; their exponent is that of the coarsest other"));
  }

  /** Calibrates a tensor of unknown rank and returns its format, source, measure and remarks. */
  private static String planOf(Calibrated request, float... elements) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      layer(quantizer, QuantizedLayer.of("relu", request, request), () -> x);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(elements.length, 1, 1, 1), elements);
          TFloat32 empty = Tensors.tensor(Shape.of(0, 3))) {
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed(x, empty));
        calibrator.add(runner -> runner.feed(x, batch));
        QuantizationPlan plan = calibrator.plan();
        Site site = plan.sites().get(0);
        return "%s %s %s %s"
            .formatted(site.format(), site.source(), site.measure().orElseThrow(), plan.remarks());
      }
    }
  }

  private static CalibrationStatistics calibrate(Requests requests) {
    return calibrate(requests, IntStream.range(0, BATCHES).boxed().toList());
  }

  private static CalibrationStatistics calibrate(Requests requests, List<Integer> seeds) {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(requests)) {
      Calibrator calibrator = net.quantizer.calibrator(net.session);
      seeds.forEach(seed -> add(calibrator, net, seed));
      return calibrator.statistics();
    }
  }

  private static void add(Calibrator calibrator, TwoLayerModel<?> net, int seed) {
    try (TFloat32 batch = TwoLayerModel.batch(4, seed)) {
      calibrator.add(runner -> runner.feed(net.images, batch));
    }
  }
}
