package org.slimquant.runtime;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.layer.LayerCall;
import org.slimquant.runtime.layer.LayerCalls;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/**
 * Calls layer methods, notes the ops that each call adds and the operands that flow into it, and
 * then has the layer quantized.
 */
final class LayerBuilder {

  private final Graph graph;
  private final LayerCalls calls;
  private final LayerQuantizer layers;

  LayerBuilder(Graph graph, LayerCalls calls, LayerQuantizer layers) {
    this.graph = graph;
    this.calls = calls;
    this.layers = layers;
  }

  /** Returns the error of a layer that is built before its model has a quantizer. */
  static IllegalStateException noQuantizer(QuantizedLayer layer) {
    return new IllegalStateException(
        ("layer %s must have a quantizer, but has none: null was given to the model, or the"
                + " model's constructor builds the layer, which a method must do")
            .formatted(layer.name()));
  }

  /** Builds a layer as {@link GraphQuantizer#layer} describes, and returns its quantized output. */
  Operand<TFloat32> build(QuantizedLayer layer, LayerBody body) {
    return build(layer, () -> Collections.singletonList(body.build())).get(0);
  }

  /** Builds a layer with several outputs, and returns the quantized ones. */
  List<Operand<TFloat32>> build(
      QuantizedLayer layer, OperandGroup.Body<List<Operand<TFloat32>>> body) {
    LayerCall call = calls.begin(layer.name());
    List<Operand<TFloat32>> outputs;
    try {
      outputs = body.build();
      calls.noteNewOperations();
    } catch (Throwable e) {
      try {
        calls.noteNewOperations();
      } catch (RuntimeException unreadable) {
        e.addSuppressed(unreadable); // the body may have closed the graph
      }
      throw LayerBuilder.<RuntimeException>rethrow(e);
    } finally {
      calls.end();
    }
    return layers.quantize(layer, call, outputs);
  }

  // The compiler does not know the exceptions of a body; the generated method declares them.
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException rethrow(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /**
   * Quantizes an operand that flows into the current layer, and returns it quantized.
   *
   * @param operand null if the layer's caller gave null, which is refused
   */
  Operand<TFloat32> quantizeInput(QuantizedInput input, @Nullable Operand<TFloat32> operand) {
    LayerCall call = calls.current();
    String parameter = "parameter %s of layer %s".formatted(input.name(), call.layer());
    // Generated code passes on the argument that the caller of a layer gave.
    if (operand == null) {
      throw new IllegalArgumentException(
          "%s must be an operand, but is null; call the layer with one or take its annotation away"
              .formatted(parameter));
    }
    Operands.requireInGraph(graph, operand, parameter);
    Output<TFloat32> quantized = layers.quantizeInput(call, input, operand.asOutput());
    call.addInput(quantized);
    return quantized;
  }

  /** Quantizes operands that flow into the current layer, and returns them quantized. */
  List<Operand<TFloat32>> quantizeInputs(QuantizedInputs inputs, List<Operand<TFloat32>> operands) {
    String layer = calls.current().layer();
    return IntStream.range(0, operands.size())
        .mapToObj(i -> quantizeInput(inputs.input(layer, i), operands.get(i)))
        .toList();
  }

  /** Notes an operand, if there is one, that flows into the current layer as it is. */
  void noteInput(@Nullable Operand<?> operand) {
    if (operand != null) {
      calls.current().addInput(operand.asOutput());
    }
  }
}
