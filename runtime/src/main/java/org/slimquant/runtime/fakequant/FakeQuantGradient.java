package org.slimquant.runtime.fakequant;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxArgsGradient;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVarsGradient;
import org.tensorflow.types.TFloat32;

/**
 * The gradient of {@code FakeQuantWithMinMaxVars}, for which TensorFlow has kernels but which it
 * does not connect to the op in C++: the straight-through estimator, 1 between the bounds and 0
 * outside (Bengio et al., "Estimating or Propagating Gradients Through Stochastic Neurons", 2013).
 *
 * <p>The gradient op of <em>Vars</em> computes the gradients of both bounds too and takes twice the
 * time of a copy. If the bounds are constants, no op reads their gradients, so the gradient op of
 * <em>Args</em>, which has the same kernel without them, takes its place. It reads two tensors and
 * writes one, into the memory of the incoming gradient if no other op reads it: a product with a
 * mask would read and write more.
 */
public final class FakeQuantGradient {

  /**
   * Whether the gradient of this class is registered for the op: false where TensorFlow Java cannot
   * register one (Windows), and if another library has registered one before.
   */
  public static final boolean REGISTERED = register();

  private FakeQuantGradient() {}

  private static boolean register() {
    try {
      boolean registered =
          TensorFlow.registerCustomGradient(
              FakeQuantWithMinMaxVars.Inputs.class, FakeQuantGradient::gradient);
      if (registered) {
        TensorFlow.registerCustomGradient(
            FakeQuantWithMinMaxArgsGradient.Inputs.class, FakeQuantGradient::secondGradient);
      }
      return registered;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  private static List<Operand<?>> gradient(
      Ops tf, FakeQuantWithMinMaxVars.Inputs op, List<Output<?>> gradOutputs) {
    // The op has one output of type float.
    @SuppressWarnings("unchecked")
    Output<TFloat32> gradOutput = (Output<TFloat32>) gradOutputs.get(0);
    if (isConstant(op.min) && isConstant(op.max)) {
      FakeQuantWithMinMaxArgsGradient gradient =
          tf.quantization.fakeQuantWithMinMaxArgsGradient(
              gradOutput,
              op.inputs,
              FakeQuantWithMinMaxArgsGradient.min(constant(op.min)),
              FakeQuantWithMinMaxArgsGradient.max(constant(op.max)),
              FakeQuantWithMinMaxArgsGradient.numBits(op.numBits),
              FakeQuantWithMinMaxArgsGradient.narrowRange(op.narrowRange));
      Operand<TFloat32> none = tf.constant(0f);
      return List.of(gradient, none, none);
    }
    FakeQuantWithMinMaxVarsGradient gradient =
        tf.quantization.fakeQuantWithMinMaxVarsGradient(
            gradOutput,
            op.inputs,
            op.min,
            op.max,
            FakeQuantWithMinMaxVarsGradient.numBits(op.numBits),
            FakeQuantWithMinMaxVarsGradient.narrowRange(op.narrowRange));
    return List.of(
        gradient.backpropsWrtInput(), gradient.backpropWrtMin(), gradient.backpropWrtMax());
  }

  /**
   * The gradient of the gradient op, which a gradient penalty needs: the estimator is linear in the
   * incoming gradient, and constant in {@code x} almost everywhere.
   */
  private static List<Operand<?>> secondGradient(
      Ops tf, FakeQuantWithMinMaxArgsGradient.Inputs op, List<Output<?>> gradOutputs) {
    // The op has one output of type float.
    @SuppressWarnings("unchecked")
    Output<TFloat32> gradOutput = (Output<TFloat32>) gradOutputs.get(0);
    return List.of(
        tf.quantization.fakeQuantWithMinMaxArgsGradient(
            gradOutput,
            op.inputs,
            FakeQuantWithMinMaxArgsGradient.min(op.min),
            FakeQuantWithMinMaxArgsGradient.max(op.max),
            FakeQuantWithMinMaxArgsGradient.numBits(op.numBits),
            FakeQuantWithMinMaxArgsGradient.narrowRange(op.narrowRange)),
        tf.zerosLike(op.inputs));
  }

  private static boolean isConstant(Operand<TFloat32> bound) {
    return bound.op().type().equals("Const");
  }

  private static float constant(Operand<TFloat32> bound) {
    try (Tensor value = ((GraphOperation) bound.op()).attributes().getAttrTensor("value")) {
      return value.asRawTensor().data().asFloats().getFloat(0);
    }
  }
}
