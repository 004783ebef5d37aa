package org.slimquant.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;

/** A plan with all values that a plan can have, and its file. */
final class ExamplePlan {

  static final QuantizationPlan PLAN =
      new QuantizationPlan(
          List.of(
              new Site(
                  "conv1/SlimQuant/images",
                  Kind.INPUT,
                  "images:0",
                  FixedPoint.unsigned(8, -8),
                  new Source.Annotation(),
                  Optional.empty()),
              new Site(
                  "conv1/SlimQuant/kernel",
                  Kind.KERNEL,
                  "conv1/kernel:0",
                  PerChannel.of(8, -7, -6, -126),
                  new Source.Calibration("MIN_MSE", 3_000_000_000L),
                  Optional.of(
                      new TensorStatistics(-0.1f, 1e-30f, 1 / 3d, Double.POSITIVE_INFINITY))),
              new Site(
                  "conv1/SlimQuant/bias",
                  Kind.BIAS,
                  "conv1/bias:0",
                  new BiasFormat(List.of(-126, -14, 96)),
                  new Source.Derived(),
                  Optional.empty()),
              new Site(
                  "conv1/SlimQuant/output",
                  Kind.OUTPUT,
                  "Relu:0",
                  FixedPoint.signed(16, 3),
                  new Source.Hand(),
                  Optional.of(
                      new TensorStatistics(
                          -0f, 1234567.9f, 0, 41.283746519283, OptionalDouble.of(0.0125))))),
          List.of(new Remark("dense/SlimQuant/bias", "\"input\" is\nnot quantized: Größe \\")));

  static final String TEXT =
      """
      # A quantization plan of SlimQuant.
      # To set an exponent by hand, change it and replace the site's source by: hand {}
      version: 1
      site {
        name: "conv1/SlimQuant/images"
        kind: INPUT
        tensor: "images:0"
        bits: 8
        signed: false
        frac: -8
        annotation {}
      }
      site {
        name: "conv1/SlimQuant/kernel"
        kind: KERNEL
        tensor: "conv1/kernel:0"
        bits: 8
        signed: true
        channel_frac: [-7, -6, -126]
        calibration { method: "MIN_MSE" samples: 3000000000 }
        min: -0.1
        max: 1E-30
        clipped_share: 0.3333333333333333
        sqnr_db: inf
      }
      site {
        name: "conv1/SlimQuant/bias"
        kind: BIAS
        tensor: "conv1/bias:0"
        bits: 32
        signed: true
        channel_frac: [-126, -14, 96]
        derived {}
      }
      site {
        name: "conv1/SlimQuant/output"
        kind: OUTPUT
        tensor: "Relu:0"
        bits: 16
        signed: true
        frac: 3
        hand {}
        min: -0.0
        max: 1234567.9
        clipped_share: 0
        sqnr_db: 41.283746519283
        lost_share: 0.0125
      }
      remark {
        site: "dense/SlimQuant/bias"
        text: "\\"input\\" is\\nnot quantized: Größe \\\\"
      }
      end: true
      """;

  private ExamplePlan() {}

  static QuantizationPlan parse(String text) throws PlanFormatException {
    return PlanReader.parse(Path.of("plan.txtpb"), text);
  }
}
