package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.InitialValues;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.slimquant.runtime.graph.OpTypes;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Replaces tensors that are computed only from variables and constants with constants. Their values
 * come from a session.
 *
 * <pre>{@code
 * Variable ─▶ FakeQuantWithMinMaxVars ─▶ Conv2D          before
 * x ─────────────────────────────────────▲
 *
 * Constant ─▶ Conv2D                                     after
 * x ──────────▲
 * }</pre>
 *
 * <p>One run computes all of them that an op with data reads. A kernel or a bias is the output of
 * its fake quant, whatever ops the fake quant consists of, and keeps the fake quant's name.
 */
public final class FreezeWeights implements Pass {

  private final Session session;

  public FreezeWeights(Session session) {
    this.session = session;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Set<String> weights = weights(graph);
    Map<String, Output<?>> read = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (!weights.contains(node.id())) {
        for (String input : node.inputs()) {
          Node weight = graph.node(input);
          if (weights.contains(weight.id())) {
            output(weight, input).ifPresent(tensor -> read.put(input, tensor));
          }
        }
      }
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.removeIf(node -> read.containsKey(node.id()));
    nodes.addAll(fetch(graph, read));
    return graph.with(nodes);
  }

  private static Set<String> weights(OpGraph graph) {
    Set<String> weights = new HashSet<>();
    Set<String> constants = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.is(OpKind.CONST) || (!node.inputs().isEmpty() && isOf(constants, graph, node))) {
        constants.add(node.id());
      }
      boolean weight =
          node.inputs().isEmpty()
              ? node.role() == OpRole.WEIGHT
              : isOf(weights, graph, node) && computesTheSame(node, constants);
      if (weight) {
        weights.add(node.id());
      }
    }
    return weights;
  }

  private static boolean isOf(Set<String> known, OpGraph graph, Node node) {
    return node.inputs().stream().allMatch(input -> known.contains(graph.node(input).id()));
  }

  /** A seed in a variable differs in each run. */
  private static boolean computesTheSame(Node node, Set<String> constants) {
    return !OpTypes.isRandom(node.type())
        && !node.is(OpKind.PLACEHOLDER_WITH_DEFAULT)
        && (!OpTypes.isSeeded(node.type()) || constants.contains(node.id()));
  }

  /** Returns the tensor of TensorFlow, if its type is one that a literal can hold. */
  private Optional<Output<?>> output(Node weight, String input) {
    GraphOperation operation =
        Objects.requireNonNull(session.graph().operation(weight.op()), weight.op());
    int index =
        input.equals(weight.id()) ? 0 : Integer.parseInt(input.substring(weight.id().length() + 1));
    Output<?> tensor = operation.output(index);
    return switch (tensor.dataType()) {
      case DT_FLOAT, DT_INT32, DT_INT64, DT_FLOAT_REF, DT_INT32_REF, DT_INT64_REF ->
          Optional.of(tensor);
      default -> Optional.empty();
    };
  }

  private List<Node> fetch(OpGraph graph, Map<String, Output<?>> read) {
    List<Node> constants = new ArrayList<>();
    if (read.isEmpty()) {
      return constants;
    }
    InitialValues.refuse(session, read.values());
    Session.Runner runner = session.runner();
    read.values().forEach(runner::fetch);
    try (Result result = UninitializedVariables.run(session, runner, read.values())) {
      int i = 0;
      for (String id : read.keySet()) {
        Node weight = graph.node(id);
        constants.add(
            new Node(
                id, weight.op(), Node.CONSTANT, List.of(), weight.shape(), literal(result.get(i))));
        i++;
      }
    }
    return constants;
  }

  private static Literal literal(Tensor tensor) {
    double[] elements = new double[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TFloat32 floats) {
      float[] values = elements(floats);
      Arrays.setAll(elements, i -> values[i]);
    } else if (tensor instanceof TInt32 ints) {
      var data = ints.asRawTensor().data().asInts();
      Arrays.setAll(elements, data::getInt);
    } else if (tensor instanceof TInt64 longs) {
      var data = longs.asRawTensor().data().asLongs();
      Arrays.setAll(elements, data::getLong);
    } else {
      throw new AssertionError(tensor.dataType());
    }
    return new Literal(
        Arrays.stream(tensor.shape().asArray()).mapToObj(Math::toIntExact).toList(), elements);
  }

  static float[] elements(TFloat32 tensor) {
    float[] elements = new float[Math.toIntExact(tensor.shape().size())];
    tensor
        .asRawTensor()
        .data()
        .asFloats()
        .copyTo(DataBuffers.of(elements, false, false), elements.length);
    return elements;
  }
}
