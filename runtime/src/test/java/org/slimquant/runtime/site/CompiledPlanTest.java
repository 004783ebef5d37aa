package org.slimquant.runtime.site;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.Origin;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.testing.TwoLayerModel;
import org.slimquant.runtime.testing.TwoLayerModel.Requests;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Models whose formats the compiler took from a plan. */
final class CompiledPlanTest {

  private static final CompiledPlan PLAN =
      new CompiledPlan("models.Net.plan.txtpb", "0123456789abcdef");

  private static final String NAME = "relu/SlimQuant/output";

  /** Formats that no calibration finds for the network. */
  private static final Requests COMPILED =
      new Requests(PLAN.signed(8, 3), PLAN.signed(8, 2), PLAN.unsigned(8, 1));

  @Test
  void formatsAreKnownAsThePlans(@TempDir Path directory) throws IOException {
    try (TwoLayerModel<GraphQuantizer> net =
        TwoLayerModel.fakeQuant(COMPILED, QuantizationPlan.EMPTY)) {
      QuantizationPlan built = net.quantizer.plan();

      for (Site site : built.sites()) {
        assertThat(site.source())
            .isEqualTo(
                site.kind() == Kind.BIAS
                    ? new Source.Derived()
                    : new Source.CompileTime("0123456789abcdef"));
      }
      assertThat(built.sites().get(0).format()).isEqualTo(FixedPoint.signed(8, 3));
      assertThat(built.toString()).contains("  plan at compile time, 0123456789abcdef");
      Path file = directory.resolve("plan.txtpb");
      built.write(file);
      assertThat(QuantizationPlan.read(file)).isEqualTo(built);
    }
  }

  @Test
  void calibrationFindsThemAnew() {
    QuantizationPlan calibrated = calibrate(COMPILED);

    assertThat(calibrated).isEqualTo(calibrate(Requests.CALIBRATED));
    assertThat(calibrated.sites().get(0).source()).isInstanceOf(Source.Calibration.class);
  }

  @Test
  void kernelsWithChannelsAreCalibratedAnew() {
    Requests compiled =
        new Requests(PLAN.signed(8, 3), PLAN.perChannel(8, 1, 2, 3), PLAN.unsigned(8, 1));

    assertThat(calibrate(compiled)).isEqualTo(calibrate(Requests.PER_CHANNEL));
  }

  @Test
  void anotherPlan() {
    QuantizationPlan calibrated = calibrate(Requests.CALIBRATED);

    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> TwoLayerModel.fakeQuant(COMPILED, calibrated).close());

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            ("conv1/SlimQuant/images must be int8 * 2^3 of kind input, as in models.Net.plan.txtpb"
                    + " when the model was compiled (fingerprint 0123456789abcdef), but is %s of kind"
                    + " input in the plan that is given (%s); compile the model again, with the option"
                    + " slimquant.plan and the plan in its directory, or give no plan")
                .formatted(calibrated.sites().get(0).format(), calibrated.fingerprint()));
  }

  /** Its formats come from the class, its measures from the plan. */
  @Test
  void theSamePlan() {
    Site kernel = site("a/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -7));
    TensorStatistics measure = new TensorStatistics(-1, 1, 0, 40);
    PlannedFormats formats =
        new PlannedFormats(
            plan(
                new Site(
                    NAME,
                    Kind.OUTPUT,
                    "x:0",
                    FixedPoint.signed(8, -5),
                    new Source.Hand(),
                    Optional.of(measure)),
                kernel));
    try (Graph graph = new Graph()) {
      Placeholder<TFloat32> x = Ops.create(graph).withName("x").placeholder(TFloat32.class);

      Site site =
          formats.site(
              NAME,
              SiteRequest.of(
                  NAME, Kind.OUTPUT, x.asOutput(), PLAN.signed(8, -5), () -> Origin.UNKNOWN));

      assertThat(site)
          .isEqualTo(
              new Site(
                  NAME,
                  Kind.OUTPUT,
                  "x:0",
                  FixedPoint.signed(8, -5),
                  new Source.CompileTime("0123456789abcdef"),
                  Optional.of(measure)));
    }
  }

  @Test
  void kernelWithOtherChannels() {
    Requests compiled =
        new Requests(PLAN.signed(8, 3), PLAN.perChannel(8, 1, 2, 3), PLAN.unsigned(8, 1));

    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> TwoLayerModel.fakeQuant(compiled, QuantizationPlan.EMPTY).close());

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            "conv1/SlimQuant/kernel must have an exponent for each output channel, but has 3 for 8"
                + " channels of shape [3, 3, 1, 8]; calibrate the model again, and compile it with"
                + " the new plan");
  }

  @Test
  void fingerprints() {
    Site kernel = site("a/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -7));
    Site output = site("a/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5));
    Site bias = site("a/SlimQuant/bias", Kind.BIAS, new BiasFormat(List.of(-14)));
    String fingerprint = plan(kernel, output).fingerprint();

    assertThat(fingerprint).matches("[0-9a-f]{16}");
    assertThat(plan(output, bias, kernel).fingerprint()).isEqualTo(fingerprint);
    assertThat(
            new QuantizationPlan(List.of(kernel, output), List.of(new Remark("a", "b")))
                .fingerprint())
        .isEqualTo(fingerprint);
    List<QuantizationPlan> others =
        List.of(
            QuantizationPlan.EMPTY,
            plan(kernel),
            plan(kernel, site(output.name(), Kind.INPUT, output.format())),
            plan(kernel, site("b/SlimQuant/output", Kind.OUTPUT, output.format())),
            plan(kernel, site(output.name(), Kind.OUTPUT, FixedPoint.signed(8, -6))),
            plan(kernel, site(output.name(), Kind.OUTPUT, FixedPoint.signed(16, -5))),
            plan(kernel, site(output.name(), Kind.OUTPUT, FixedPoint.unsigned(8, -5))),
            plan(output, site(kernel.name(), Kind.KERNEL, PerChannel.of(8, -7))));
    assertThat(others.stream().map(QuantizationPlan::fingerprint).distinct().count())
        .isEqualTo(others.size());
    for (QuantizationPlan other : others) {
      assertThat(other.fingerprint()).isNotEqualTo(fingerprint);
    }
  }

  private static QuantizationPlan calibrate(Requests requests) {
    try (TwoLayerModel<CalibratingQuantizer> net = TwoLayerModel.calibrating(requests);
        TFloat32 batch = TwoLayerModel.batch(3, 0)) {
      Calibrator calibrator = net.quantizer.calibrator(net.session);
      calibrator.add(runner -> runner.feed(net.images, batch));
      return calibrator.plan();
    }
  }

  private static QuantizationPlan plan(Site... sites) {
    return new QuantizationPlan(List.of(sites), List.of());
  }

  private static Site site(String name, Kind kind, Format format) {
    return new Site(name, kind, "x:0", format, new Source.Hand(), Optional.empty());
  }
}
