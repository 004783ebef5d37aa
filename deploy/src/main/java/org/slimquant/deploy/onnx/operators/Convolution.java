package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.graph.SaturatingPairs.Elements;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.Codes;
import org.slimquant.model.Window;

/**
 * A convolution of elements. Layers, means and sums of tensors are written as one.
 *
 * @param name the name of the model's op
 * @param input the images, of uint8
 * @param inputZeroPoint the element that stands for 0
 * @param inputExponent the exponent of the input's step
 * @param weights the weights in ONNX's order
 * @param weightShape {@code [out, in, height, width]}
 * @param weightType INT8, or UINT8 with weights shifted by {@code weightZeroPoint}
 * @param weightZeroPoint the weight that stands for 0
 * @param bias the number that is added in each channel
 * @param window how the kernel slides
 * @param group the number of groups of channels
 * @param outputShape the shape of the result
 */
record Convolution(
    String name,
    Value input,
    int inputZeroPoint,
    int inputExponent,
    Codes weights,
    List<Long> weightShape,
    DataType weightType,
    int weightZeroPoint,
    Codes bias,
    Window window,
    int group,
    List<Long> outputShape) {

  /** Returns the number of output channels. */
  int channels() {
    return bias.size();
  }

  /** Returns the same convolution with uint8 weights of a zero point. */
  Convolution withUnsignedWeights(int zeroPoint) {
    int[] shifted = weights.stream().map(weight -> weight - weightZeroPoint + zeroPoint).toArray();
    return new Convolution(
        name,
        input,
        inputZeroPoint,
        inputExponent,
        Codes.of(shifted),
        weightShape,
        DataType.UINT8,
        zeroPoint,
        bias,
        window,
        group,
        outputShape);
  }

  /**
   * Returns the sums of two products that can saturate. The weights must be int8.
   *
   * @param elements the elements of the input
   */
  SaturatingPairs saturatingPairs(Elements elements) {
    int depth = Math.toIntExact(weightShape.get(1));
    return SaturatingPairs.ofConvolution(weights, depth, channels(), group, elements);
  }
}
