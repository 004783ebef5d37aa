package org.slimquant.runtime;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Quantizes the layers of one graph while it is built. */
public final class GraphQuantizer {

  private GraphQuantizer() {}

  /** Returns a quantizer that fake-quantizes the layers that are added to {@code graph}. */
  public static GraphQuantizer fakeQuant(Graph graph) {
    return new GraphQuantizer();
  }

  /** Builds a layer and quantizes its kernel and output; called by generated code. */
  public static Operand<TFloat32> layer(
      @Nullable GraphQuantizer quantizer, QuantizedLayer layer, LayerBody body) {
    try {
      return body.build();
    } catch (Throwable e) {
      throw new IllegalStateException(layer.name(), e);
    }
  }

  /** Quantizes an input operand of the layer that is being built; called by generated code. */
  public Operand<TFloat32> input(QuantizedInput input, Operand<TFloat32> operand) {
    return operand;
  }

  /** Notes an input operand of the layer that stays as it is; called by generated code. */
  public <O extends Operand<?>> O input(O operand) {
    return operand;
  }

  /** Notes input operands of the layer that stay as they are; called by generated code. */
  public <O extends Operand<?>> O[] inputs(O[] operands) {
    return operands;
  }

  /** Notes input operands of the layer that stay as they are; called by generated code. */
  public <I extends Iterable<? extends Operand<?>>> I inputs(I operands) {
    return operands;
  }
}
