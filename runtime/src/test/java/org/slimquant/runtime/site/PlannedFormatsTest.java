package org.slimquant.runtime.site;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A plan's answers to the requests of annotations. */
final class PlannedFormatsTest {

  private static final String NAME = "relu/SlimQuant/output";

  @Test
  void siteThatThePlanLacks() {
    assertFails(
        IllegalStateException.class,
        Calibrated.signed(8),
        QuantizationPlan.EMPTY,
        "relu/SlimQuant/output must be in the plan, because its annotation gives no frac, but the"
            + " plan has no sites; calibrate again: build the model with CalibratingQuantizer.of and make a plan"
            + " with Calibrator");
    assertFails(
        IllegalStateException.class,
        Calibrated.signed(8),
        plan(site("other", Kind.OUTPUT, FixedPoint.signed(8, -7))),
        "relu/SlimQuant/output must be in the plan, because its annotation gives no frac, but the"
            + " plan has other layers, other; calibrate again: build the model with CalibratingQuantizer.of and make a plan"
            + " with Calibrator");
  }

  @Test
  void siteOfAnotherKind() {
    assertFails(
        IllegalArgumentException.class,
        Calibrated.signed(8),
        plan(site(NAME, Kind.KERNEL, FixedPoint.signed(8, -7))),
        "relu/SlimQuant/output must be of kind output, but is of kind kernel in the plan; calibrate"
            + " the model again");
  }

  @Test
  void siteOfAnotherWidth() {
    assertFails(
        IllegalArgumentException.class,
        Calibrated.signed(8),
        plan(site(NAME, Kind.OUTPUT, FixedPoint.signed(4, -7))),
        "relu/SlimQuant/output must be int8 with one exponent, as its annotation says, but is int4"
            + " * 2^-7 in the plan; calibrate the model again");
  }

  @Test
  void siteOfAnotherSign() {
    assertFails(
        IllegalArgumentException.class,
        Calibrated.unsigned(8),
        plan(site(NAME, Kind.OUTPUT, FixedPoint.signed(8, -7))),
        "relu/SlimQuant/output must be uint8 with one exponent, as its annotation says, but is int8"
            + " * 2^-7 in the plan; calibrate the model again");
  }

  @Test
  void siteWithOtherExponents() {
    assertFails(
        IllegalArgumentException.class,
        Calibrated.perChannel(8),
        plan(site(NAME, Kind.OUTPUT, FixedPoint.signed(8, -7))),
        "relu/SlimQuant/output must be int8 per channel, as its annotation says, but is int8 * 2^-7"
            + " in the plan; calibrate the model again");
    assertFails(
        IllegalArgumentException.class,
        Calibrated.signed(8),
        plan(site(NAME, Kind.OUTPUT, PerChannel.of(8, -7, -5))),
        "relu/SlimQuant/output must be int8 with one exponent, as its annotation says, but is int8"
            + " * 2^-7..-5 in the plan; calibrate the model again");
  }

  @Test
  void siteWithANumberBecauseItsNameWasTaken() {
    Site numbered = site(NAME + "_1", Kind.OUTPUT, FixedPoint.signed(8, -7));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
      tf.withSubScope("relu").withSubScope("SlimQuant").withName("output").constant(1f);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan(numbered));

      Calibrated request = Calibrated.signed(8);
      layer(quantizer, QuantizedLayer.of("relu", request, request), () -> x);

      assertThat(quantizer.plan()).isEqualTo(plan(numbered));
    }
  }

  @Test
  void siteTwice() {
    Site site = site(NAME, Kind.OUTPUT, FixedPoint.signed(8, -7));

    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> new PlannedFormats(plan(site, site)));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo("a plan must have a site once, but has relu/SlimQuant/output twice");
  }

  private static Site site(String name, Kind kind, Format format) {
    return new Site(name, kind, "x:0", format, new Source.Hand(), Optional.empty());
  }

  private static QuantizationPlan plan(Site... sites) {
    return new QuantizationPlan(List.of(sites), List.of());
  }

  private static void assertFails(
      Class<? extends RuntimeException> type,
      FormatRequest request,
      QuantizationPlan plan,
      String message) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);

      RuntimeException thrown =
          assertThrows(
              type, () -> layer(quantizer, QuantizedLayer.of("relu", request, request), () -> x));

      assertThat(thrown).hasMessageThat().isEqualTo(message);
      assertThat(Tensors.lines(graph)).containsExactly("Placeholder x <- []");
    }
  }
}
