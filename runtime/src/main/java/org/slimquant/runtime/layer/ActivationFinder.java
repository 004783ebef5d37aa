package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.slimquant.runtime.dropout.Dropout;
import org.slimquant.runtime.fakequant.FakeQuantForms;
import org.slimquant.runtime.graph.ElementwiseOps;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/**
 * Finds the tensor that a layer's activation is a function of: its accumulator, whatever ops spell
 * the activation.
 *
 * <pre>{@code
 * Conv2D ─▶ BiasAdd ─▶ Sigmoid ─▶ output                         BiasAdd
 * Conv2D ─▶ BiasAdd ─┬─▶ AddV2 3 ─▶ Relu6 ─▶ Mul ─▶ Mul 1/6 ─▶   BiasAdd
 *                    └────────────────────────▲
 * Conv2D ─▶ BiasAdd ─▶ Relu ─▶ MaxPool ─▶                        none: only clamps and moves
 * FakeQuant ─▶ Tanh ─▶                                           none: the tensor has codes
 * }</pre>
 *
 * <p>The walk begins at the output. It goes on from an op to the tensors that the op reads, as long
 * as the op is elementwise and its constants are single numbers, or only moves elements. Wherever
 * all open ends are one tensor, everything after it is a function of that tensor. The first such
 * tensor is the accumulator; clamps and moves after it belong to the layer's sum.
 */
public final class ActivationFinder {

  private static final Set<String> CLAMPS =
      Set.of("ClipByValue", "Maximum", "Minimum", "Relu", "Relu6");

  private static final Set<String> BIASES = Set.of("Add", "AddV2");

  private static final Set<String> SUMS = Set.of("Add", "AddV2", "Sub");

  /**
   * A tensor that everything after it is a function of.
   *
   * @param neutralAfter whether only clamps and moves are between it and the next
   * @param biasAfter whether one of them adds a constant
   */
  private record Candidate(Output<?> tensor, boolean neutralAfter, boolean biasAfter) {

    /** Returns whether the layer's accumulator can compute the function, with a bias. */
    boolean belongsToSum() {
      return neutralAfter || biasAfter;
    }
  }

  private final KernelFinder weights;
  private final Predicate<Output<?>> hasSite;
  private final FakeQuantForms forms = new FakeQuantForms();

  /**
   * Creates a finder.
   *
   * @param hasSite whether a tensor has a site, or is the output of one
   */
  public ActivationFinder(KernelFinder weights, Predicate<Output<?>> hasSite) {
    this.weights = weights;
    this.hasSite = hasSite;
  }

  /** Returns the tensor that must have codes before the activation, if the layer needs one. */
  public Optional<Output<?>> find(LayerCall call, Output<?> output) {
    Set<GraphOperation> own = new HashSet<>(call.operations());
    List<Candidate> candidates = candidates(own, output);
    int first = candidates.size() - 1;
    if (hasCodes(candidates.get(first).tensor())
        || candidates.stream().allMatch(Candidate::belongsToSum)) {
      return Optional.empty();
    }
    while (first > 0 && candidates.get(first).neutralAfter()) {
      first--;
    }
    Output<?> tensor = candidates.get(first).tensor();
    boolean isSum =
        first > 0
            && own.contains((GraphOperation) tensor.op())
            && tensor.type().equals(TFloat32.class)
            && !weights.isWeight(tensor);
    return isSum ? Optional.of(tensor) : Optional.empty();
  }

  /** Returns the tensors that everything after them is a function of, the output first. */
  private List<Candidate> candidates(Set<GraphOperation> own, Output<?> output) {
    List<Candidate> candidates = new ArrayList<>(List.of(new Candidate(output, true, false)));
    Set<Output<?>> open = new LinkedHashSet<>(List.of(output));
    boolean neutral = true;
    boolean bias = true;
    for (GraphOperation operation : fromLastToFirst(own, output)) {
      if (open.stream().noneMatch(tensor -> tensor.op().equals(operation))) {
        continue;
      }
      Optional<List<Output<?>>> data = data(operation);
      // An element that was moved meets others than its own where the ends come together.
      if (data.isEmpty() || (open.size() > 1 && isMove(operation))) {
        break;
      }
      neutral &= isNeutral(operation);
      bias &= isNeutral(operation) || isBias(operation);
      open.removeIf(tensor -> tensor.op().equals(operation));
      open.addAll(data.get());
      if (open.size() == 1) {
        candidates.add(new Candidate(open.iterator().next(), neutral, bias));
        neutral = true;
        bias = true;
      }
    }
    return candidates;
  }

  /** Returns the layer's ops that the output is computed from, each before those that it reads. */
  private static List<GraphOperation> fromLastToFirst(Set<GraphOperation> own, Output<?> output) {
    List<GraphOperation> sorted = new ArrayList<>();
    Set<GraphOperation> entered = new HashSet<>();
    Deque<GraphOperation> stack = new ArrayDeque<>(List.of((GraphOperation) output.op()));
    while (!stack.isEmpty()) {
      GraphOperation operation = stack.peek();
      if (own.contains(operation) && entered.add(operation)) {
        inputs(operation).forEach(input -> stack.push((GraphOperation) input.op()));
      } else {
        stack.pop();
        if (entered.contains(operation) && !sorted.contains(operation)) {
          sorted.add(0, operation);
        }
      }
    }
    return sorted;
  }

  /** Returns the tensors whose function an op is; nothing if it is no function of each element. */
  private Optional<List<Output<?>>> data(GraphOperation operation) {
    Optional<Dropout> dropout = Dropout.of(operation);
    if (dropout.isPresent()) {
      return Optional.of(List.of(dropout.get().data()));
    }
    if (OpKind.of(operation.type()).keepsGrid()) {
      return Optional.of(List.of(operation.input(0)));
    }
    if (!ElementwiseOps.contains(operation.type())) {
      return Optional.empty();
    }
    List<Output<?>> data = inputs(operation).stream().filter(this::isData).toList();
    boolean numbers =
        inputs(operation).stream()
            .filter(input -> !isData(input))
            .allMatch(constant -> isNumber(operation, constant));
    return numbers && !data.isEmpty() ? Optional.of(data) : Optional.empty();
  }

  private boolean isData(Output<?> tensor) {
    return !weights.isWeight(tensor);
  }

  /** Returns whether a constant is one number: a sum with a vector of one is that with a bias. */
  private static boolean isNumber(GraphOperation operation, Output<?> constant) {
    return SUMS.contains(operation.type())
        ? constant.shape().numDimensions() == 0
        : constant.shape().size() == 1;
  }

  /** Returns whether rounding may come after an op as well as before: it keeps the order. */
  private boolean isNeutral(GraphOperation operation) {
    return OpKind.of(operation.type()).keepsGrid()
        || Dropout.of(operation).isPresent()
        || (CLAMPS.contains(operation.type())
            && inputs(operation).stream().filter(this::isData).count() == 1);
  }

  private static boolean isMove(GraphOperation operation) {
    OpKind kind = OpKind.of(operation.type());
    return kind.keepsGrid() && kind.role() != OpRole.IDENTITY && kind.role() != OpRole.ACTIVATION;
  }

  private boolean isBias(GraphOperation operation) {
    return BIASES.contains(operation.type())
        && inputs(operation).stream().filter(this::isData).count() == 1;
  }

  /** Returns whether a tensor has codes: it is one with a site, or has elements of one. */
  private boolean hasCodes(Output<?> tensor) {
    Output<?> source = tensor;
    while (true) {
      GraphOperation operation = (GraphOperation) source.op();
      if (hasSite.test(source) || forms.format(operation).isPresent()) {
        return true;
      }
      Optional<Dropout> dropout = Dropout.of(operation);
      if (dropout.isPresent()) {
        source = dropout.get().data();
      } else if (OpKind.of(operation.type()).keepsGrid()) {
        source = operation.input(0);
      } else {
        return false;
      }
    }
  }

  private static List<Output<?>> inputs(GraphOperation operation) {
    return IntStream.range(0, operation.numInputs()).<Output<?>>mapToObj(operation::input).toList();
  }
}
