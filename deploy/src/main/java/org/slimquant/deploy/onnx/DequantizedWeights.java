package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.WeightedOp;

/** Writes kernels and biases as codes, and what makes real numbers of them. */
final class DequantizedWeights {

  private final OnnxGraph graph;

  DequantizedWeights(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Adds a kernel's codes and what dequantizes them.
   *
   * @param axis that of the output channels
   */
  String kernel(WeightedOp layer, List<Long> shape, int[] codes, int axis) {
    Kernel kernel = layer.kernel();
    DataType type = Quantizers.type(kernel.bits(), kernel.signed());
    String name = layer.name() + "/kernel";
    int[] exponents = kernel.exponents().stream().mapToInt(Integer::intValue).toArray();
    return dequantized(name, graph.codes(name, type, shape, codes), type, shape, exponents, axis);
  }

  /** Adds the codes of biases and what dequantizes them. */
  String bias(WeightedOp layer) {
    String name = layer.name() + "/bias";
    List<Long> shape = List.of((long) layer.channels());
    String codes = graph.codes(name, DataType.INT32, shape, layer.bias().toArray());
    int scales = layer.kernel().exponents().size();
    int[] exponents = IntStream.range(0, scales).map(layer::accumulatorExponent).toArray();
    return dequantized(name, codes, DataType.INT32, shape, exponents, 0);
  }

  private String dequantized(
      String name, String codes, DataType type, List<Long> shape, int[] exponents, int axis) {
    List<String> inputs = new ArrayList<>(List.of(codes));
    List<AttributeProto> attributes = List.of();
    if (exponents.length == 1) {
      inputs.add(graph.scalar(Math.scalb(1f, exponents[0])));
      // Its own: with x64quantprecision ONNX Runtime converts it, and cannot do so twice.
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
