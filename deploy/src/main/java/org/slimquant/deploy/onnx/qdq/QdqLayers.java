package org.slimquant.deploy.onnx.qdq;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.graph.SaturatingPairs.Elements;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;

/** Writes layers with weights as float ops, whose kernels are dequantized. */
final class QdqLayers {

  private final OnnxGraph graph;
  private final Quantizers quantizers;
  private final DequantizedWeights weights;
  private final boolean int8;
  private final Map<String, SaturatingPairs> saturating = new LinkedHashMap<>();

  /**
   * Creates a writer.
   *
   * @param int8 whether all codes shall be int8
   */
  QdqLayers(OnnxGraph graph, Quantizers quantizers, boolean int8) {
    this.graph = graph;
    this.quantizers = quantizers;
    this.int8 = int8;
    weights = new DequantizedWeights(graph, int8);
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  Map<String, SaturatingPairs> saturating() {
    return Collections.unmodifiableMap(saturating);
  }

  /**
   * Adds a convolution.
   *
   * @param input the real numbers of its input
   * @param group how many groups of channels it computes independently
   */
  Value convolve(WeightedOp layer, Value input, Window window, int group) {
    String name = layer.name();
    List<Long> shape = Layout.kernelShape(layer);
    int[] codes = Layout.kernel(layer);
    int depth = Math.toIntExact(shape.get(1));
    note(
        layer,
        SaturatingPairs.ofConvolution(
            Codes.of(codes), depth, layer.channels(), group, elements(layer.input())));
    Value value =
        graph.add(
            "Conv",
            name,
            DataType.FLOAT,
            Layout.shape(layer.output()),
            List.of(input.name(), weights.kernel(layer, shape, codes, 0), weights.bias(layer)),
            Attributes.convolution(window, group));
    return quantizers.quantized(value, layer.output(), name, layer.range());
  }

  /**
   * Adds a dense layer.
   *
   * @param input the real numbers of its input
   * @param image the shape of the image that was flattened in ONNX's order to be its input
   */
  Value dense(Dense dense, Value input, Optional<List<Integer>> image) {
    String name = dense.name();
    int[] inOrder = dense.kernel().codes().toArray();
    int[] codes = image.map(shape -> permuted(inOrder, shape, dense.channels())).orElse(inOrder);
    note(dense, SaturatingPairs.ofMatrix(codes, dense.channels(), elements(dense.input())));
    List<Long> shape = List.of((long) dense.input().size(), (long) dense.channels());
    Value value =
        graph.add(
            "Gemm",
            name,
            DataType.FLOAT,
            Layout.shape(dense.output()),
            List.of(input.name(), weights.kernel(dense, shape, codes, 1), weights.bias(dense)),
            List.of());
    return quantizers.quantized(value, dense.output(), name, dense.range());
  }

  /**
   * Notes the pairs that can saturate in a layer, if ONNX Runtime makes an integer op of it that
   * multiplies uint8 by int8.
   */
  private void note(WeightedOp layer, SaturatingPairs pairs) {
    boolean bytes = QdqSums.areOfBytes(layer);
    if (pairs.any() && bytes && (layer.kernel().signed() || int8)) {
      saturating.put(layer.name(), pairs);
    }
  }

  /** Returns a tensor's elements in ONNX Runtime, which adds 128 to int8 on x86. */
  private Elements elements(IntegerTensor tensor) {
    FixedPoint format = tensor.format();
    return format.signed() || int8 ? Elements.ALL : new Elements(0, format.maxCode());
  }

  /** Returns a dense kernel whose rows are in the order of an image with its channels first. */
  private static int[] permuted(int[] codes, List<Integer> image, int channels) {
    int places = image.get(0) * image.get(1);
    int depth = image.get(2);
    int[] permuted = new int[codes.length];
    for (int place = 0; place < places; place++) {
      for (int in = 0; in < depth; in++) {
        System.arraycopy(
            codes,
            (place * depth + in) * channels,
            permuted,
            (in * places + place) * channels,
            channels);
      }
    }
    return permuted;
  }
}
