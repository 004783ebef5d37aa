package org.slimquant.processor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;

/** Warnings of plans from before calibration chose signs. */
final class OldSignDiagnosticsTest {

  private static final Source CALIBRATED = new Source.Calibration("MAX", 100);

  @TempDir Path directory = Path.of("");

  @Test
  void outputThatIsNeverNegative() throws IOException {
    write(
        List.of(),
        site("never", FixedPoint.signed(8, -5), CALIBRATED, 0, 3),
        site("suppressed", FixedPoint.signed(8, -5), CALIBRATED, 0, 3),
        site("asked", FixedPoint.signed(8, -5), CALIBRATED, 0, 3),
        site("unsigned", FixedPoint.unsigned(8, -6), CALIBRATED, 0, 3),
        site("negative", FixedPoint.signed(8, -5), CALIBRATED, -1, 3),
        site("zeros", FixedPoint.signed(8, -7), CALIBRATED, 0, 0),
        site("byHand", FixedPoint.signed(8, -5), new Source.Hand(), 0, 3));

    AnnotatedSource.checkWithPlans(
        directory,
        """
        class Model {
          @QuantInt8(kernelFrac = -7)
          Operand<TFloat32> never(Operand<TFloat32> x) {
        > warning at never: [OldSign] a tensor that is never negative must have unsigned codes, but in models.Model.plan.txtpb never/SlimQuant/output is int8 * 2^-5, as older versions chose; calibrate the model again, which halves the step
            return x;
          }

          @QuantInt8
          @SuppressWarnings("OldSign")
          Operand<TFloat32> suppressed(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(sign = Sign.SIGNED)
          Operand<TFloat32> asked(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8
          Operand<TFloat32> unsigned(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8
          Operand<TFloat32> negative(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8
          Operand<TFloat32> zeros(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8
          Operand<TFloat32> byHand(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  /** The layer asks for signed codes of a tensor that another one returns. */
  @Test
  void tensorOfAnotherLayerToo() throws IOException {
    write(
        List.of(new Remark("second/SlimQuant/x", "is first/SlimQuant/output")),
        site("first", FixedPoint.signed(8, -5), CALIBRATED, 0, 3),
        site("second", FixedPoint.signed(8, -5), CALIBRATED, -3, 3));

    AnnotatedSource.checkWithPlans(
        directory,
        """
        class Model {
          @QuantInt8
          Operand<TFloat32> first(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8
          Operand<TFloat32> second(@QuantInt8(sign = Sign.SIGNED) Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  private void write(List<Remark> remarks, Site... sites) throws IOException {
    new QuantizationPlan(List.of(sites), remarks)
        .write(directory.resolve("models.Model.plan.txtpb"));
  }

  private static Site site(String layer, FixedPoint format, Source source, float min, float max) {
    return new Site(
        layer + "/SlimQuant/output",
        Kind.OUTPUT,
        "t:0",
        format,
        source,
        Optional.of(TensorStatistics.rounded(min, max, 0, 40, 0)));
  }
}
