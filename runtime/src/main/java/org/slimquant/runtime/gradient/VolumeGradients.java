package org.slimquant.runtime.gradient;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv3d;
import org.tensorflow.op.nn.Conv3dBackpropFilter;
import org.tensorflow.op.nn.Conv3dBackpropInput;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of Conv3D and Conv3DBackpropInputV2, for which TensorFlow has kernels but which it
 * does not connect to the ops in C++.
 *
 * <p>A convolution {@code y = conv(x, w)} is linear in each of its inputs, and so its gradients are
 * the adjoint maps: Conv3DBackpropInputV2 for x and Conv3DBackpropFilterV2 for w. Those of the
 * transposed convolution {@code x = conv'(y, w)} are Conv3D for y, and the same filter op with the
 * two images exchanged for w.
 */
final class VolumeGradients {

  /**
   * Whether the ops have a gradient: false where TensorFlow Java cannot register one (Windows). If
   * another library has registered one before, that one is used.
   */
  static final boolean REGISTERED = register();

  private VolumeGradients() {}

  private static boolean register() {
    try {
      TensorFlow.registerCustomGradient(Conv3d.Inputs.class, VolumeGradients::ofConvolution);
      TensorFlow.registerCustomGradient(
          Conv3dBackpropInput.Inputs.class, VolumeGradients::ofTransposed);
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  // The op's output is of the type of its inputs, and quantized kernels are float32.
  @SuppressWarnings("unchecked")
  private static List<Operand<?>> ofConvolution(
      Ops tf, Conv3d.Inputs<?> op, List<Output<?>> gradOutputs) {
    Output<TFloat32> gradient = (Output<TFloat32>) gradOutputs.get(0);
    Operand<TFloat32> input = (Operand<TFloat32>) op.input;
    Operand<TFloat32> filter = (Operand<TFloat32>) op.filter;
    List<Long> strides = list(op.strides);
    return List.of(
        tf.nn.conv3dBackpropInput(
            tf.shape(input),
            filter,
            gradient,
            strides,
            op.padding,
            Conv3dBackpropInput.dataFormat(op.dataFormat),
            Conv3dBackpropInput.dilations(list(op.dilations))),
        tf.nn.conv3dBackpropFilter(
            input,
            tf.shape(filter),
            gradient,
            strides,
            op.padding,
            Conv3dBackpropFilter.dataFormat(op.dataFormat),
            Conv3dBackpropFilter.dilations(list(op.dilations))));
  }

  // The op's output is of the type of its inputs, and quantized kernels are float32.
  @SuppressWarnings("unchecked")
  private static List<Operand<?>> ofTransposed(
      Ops tf, Conv3dBackpropInput.Inputs<?> op, List<Output<?>> gradOutputs) {
    Output<TFloat32> gradient = (Output<TFloat32>) gradOutputs.get(0);
    Operand<TFloat32> image = (Operand<TFloat32>) op.outBackprop;
    Operand<TFloat32> filter = (Operand<TFloat32>) op.filter;
    List<Long> strides = list(op.strides);
    return List.of(
        tf.zerosLike(op.inputSizes),
        tf.nn.conv3dBackpropFilter(
            gradient,
            tf.shape(filter),
            image,
            strides,
            op.padding,
            Conv3dBackpropFilter.dataFormat(op.dataFormat),
            Conv3dBackpropFilter.dilations(list(op.dilations))),
        tf.nn.conv3d(
            gradient,
            filter,
            strides,
            op.padding,
            Conv3d.dataFormat(op.dataFormat),
            Conv3d.dilations(list(op.dilations))));
  }

  private static List<Long> list(long... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
