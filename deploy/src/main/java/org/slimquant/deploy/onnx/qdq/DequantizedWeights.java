package org.slimquant.deploy.onnx.qdq;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.model.Kernel;
import org.slimquant.model.WeightedOp;

/** Writes kernels as dequantized codes and biases as real numbers. */
final class DequantizedWeights {

  // The largest float32 below 2^31.
  private static final float LARGEST_BIAS = 0x1.fffffep30f;

  private final OnnxGraph graph;
  private final boolean int8;

  /**
   * Creates a writer.
   *
   * @param int8 whether all codes shall be int8
   */
  DequantizedWeights(OnnxGraph graph, boolean int8) {
    this.graph = graph;
    this.int8 = int8;
  }

  /**
   * Adds a kernel's codes and their DequantizeLinear.
   *
   * @param axis the axis of the output channels
   */
  String kernel(WeightedOp layer, List<Long> shape, int[] codes, int axis) {
    Kernel kernel = layer.kernel();
    DataType type = Quantizers.type(kernel.bits(), kernel.signed() || int8);
    String name = layer.name() + "/kernel";
    int[] exponents = kernel.exponents().stream().mapToInt(Integer::intValue).toArray();
    return dequantized(name, graph.codes(name, type, shape, codes), type, shape, exponents, axis);
  }

  /**
   * Adds biases as real numbers. ONNX Runtime makes the same codes of them. A code of more than 24
   * bits is rounded to float32, but not up to 2^31, because ONNX Runtime would make -2^31 of it.
   */
  String bias(WeightedOp layer) {
    float[] biases = new float[layer.channels()];
    for (int channel = 0; channel < biases.length; channel++) {
      biases[channel] =
          Math.scalb(
              Math.min(LARGEST_BIAS, layer.bias().get(channel)),
              layer.accumulatorExponent(channel));
    }
    return graph.floats(layer.name() + "/bias", List.of((long) biases.length), biases);
  }

  private String dequantized(
      String name, String codes, DataType type, List<Long> shape, int[] exponents, int axis) {
    List<String> inputs = new ArrayList<>(List.of(codes));
    List<AttributeProto> attributes = List.of();
    if (exponents.length == 1) {
      inputs.add(graph.scalar(Math.scalb(1f, exponents[0])));
      // Not shared: with x64quantprecision ONNX Runtime converts it, and cannot do so twice.
      inputs.add(graph.codes(name + "/zero", type, List.of(), 0));
    } else {
      List<Long> channels = List.of((long) exponents.length);
      float[] scales = new float[exponents.length];
      for (int channel = 0; channel < scales.length; channel++) {
        scales[channel] = Math.scalb(1f, exponents[channel]);
      }
      inputs.add(graph.floats(name + "/scale", channels, scales));
      inputs.add(graph.codes(name + "/zero", type, channels, new int[exponents.length]));
      attributes = List.of(Attributes.integer("axis", axis));
    }
    return graph.add("DequantizeLinear", name, DataType.FLOAT, shape, inputs, attributes).name();
  }
}
