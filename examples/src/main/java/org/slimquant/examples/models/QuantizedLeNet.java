package org.slimquant.examples.models;

import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Stands in for the generated class. */
public final class QuantizedLeNet extends LeNet {
  private static final QuantizedLayer CONV1 =
      QuantizedLayer.of("conv1", FixedPoint.signed(8, -6), FixedPoint.signed(8, -5));
  private static final QuantizedInput CONV1_IMAGES =
      new QuantizedInput("images", FixedPoint.signed(8, -4));
  private static final QuantizedLayer CONV2 =
      QuantizedLayer.of("conv2", FixedPoint.signed(8, -7), FixedPoint.signed(8, -4));
  private static final QuantizedLayer DENSE1 =
      QuantizedLayer.of("dense1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -3));
  private static final QuantizedLayer DENSE2 =
      QuantizedLayer.of("dense2", FixedPoint.signed(8, -7), FixedPoint.signed(8, -2));

  private final GraphQuantizer quantizer;

  public QuantizedLeNet(Ops tf, long seed, GraphQuantizer quantizer) {
    super(tf, seed);
    this.quantizer = quantizer;
  }

  @Override
  protected Operand<TFloat32> conv1(Operand<TFloat32> images) {
    return GraphQuantizer.layer(
        quantizer, CONV1, () -> super.conv1(quantizer.input(CONV1_IMAGES, images)));
  }

  @Override
  protected Operand<TFloat32> conv2(Operand<TFloat32> features) {
    return GraphQuantizer.layer(quantizer, CONV2, () -> super.conv2(quantizer.input(features)));
  }

  @Override
  protected Operand<TFloat32> dense1(Operand<TFloat32> features) {
    return GraphQuantizer.layer(quantizer, DENSE1, () -> super.dense1(quantizer.input(features)));
  }

  @Override
  protected Operand<TFloat32> dense2(Operand<TFloat32> features) {
    return GraphQuantizer.layer(quantizer, DENSE2, () -> super.dense2(quantizer.input(features)));
  }
}
