package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.slimquant.runtime.graph.Operands;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Finds the edge over which a layer's op reads its kernel.
 *
 * <p>A tensor is a <em>weight</em> if it is computed from variables and constants alone. A
 * convolution reads its kernel at a known input. A matrix product may have it at any input: the
 * kernel is the input that is a weight, while another input is not. If all inputs are weights,
 * because a model is fed from a constant, the inputs of the layer distinguish them:
 *
 * <pre>{@code
 * placeholder ─▶ MatMul ─▶      constant, the layer's input ─▶ MatMul ─▶      u ─▶ MatMul ─▶
 * kernel ────────▶              kernel ───────────────────────▶               v ───▶
 *
 * kernel                        kernel                                         no kernel op
 * }</pre>
 */
public final class KernelFinder {

  private final WeightTensors weights = new WeightTensors();

  /** Notes that {@code tensor}, a layer's output, is no weight, whatever it is computed from. */
  public void addActivation(Output<?> tensor) {
    weights.addActivation(tensor);
  }

  /**
   * Returns the edge over which the layer's kernel op reads the kernel, or nothing if no op of the
   * layer has a kernel.
   *
   * @throws IllegalStateException if two ops have a kernel, or an op has two; if another op reads a
   *     kernel that is computed from data; if the kernel is not float32; or if the only candidate
   *     is a product of weights, of which one must be the data
   */
  public Optional<Edge> find(LayerCall call) {
    List<Edge> kernels = new ArrayList<>();
    for (GraphOperation operation : call.operations()) {
      kernels.addAll(kernels(operation, call));
    }
    if (kernels.size() > 1) {
      throw new IllegalStateException(
          "layer %s must have at most one kernel op, but has %s; give each its own @QuantInt8 method"
              .formatted(
                  call.layer(), String.join(", ", kernels.stream().map(Edge::toString).toList())));
    }
    if (kernels.isEmpty()) {
      requireNoUnfedProduct(call);
    } else {
      requireNoOtherKernelOp(kernels.get(0), call);
    }
    Optional<Edge> kernel = kernels.stream().findFirst();
    kernel.ifPresent(edge -> requireFloat32(edge, call));
    return kernel;
  }

  /**
   * Returns the reason why a layer for which {@link #find} returns nothing has no kernel, if it has
   * an op that usually reads one.
   */
  public Optional<Remark> remark(LayerCall call) {
    List<String> operations =
        call.operations().stream()
            .filter(
                operation ->
                    OpKind.of(operation.type()).role().isConvolution() || isProduct(operation))
            .map(operation -> "%s (%s)".formatted(operation.name(), operation.type()))
            .toList();
    return operations.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Remark(
                call.siteName(SiteName.KERNEL),
                ("no kernel is quantized, because %s reads none that is computed from variables and"
                        + " constants alone")
                    .formatted(String.join(", ", operations))));
  }

  /** A second op whose kernel is computed from data would stay float beside the first. */
  private void requireNoOtherKernelOp(Edge kernel, LayerCall call) {
    FedKernels fed = new FedKernels(this, call);
    for (GraphOperation operation : call.operations()) {
      if (!operation.equals(kernel.reader()) && fed.isRead(operation)) {
        throw new IllegalStateException(
            ("layer %s must have at most one kernel op, but has %s, and %s (%s), whose kernel is"
                    + " computed from data; give each its own @QuantInt8 method, and let each kernel"
                    + " be computed from variables and constants alone")
                .formatted(call.layer(), kernel, operation.name(), operation.type()));
      }
    }
  }

  /**
   * A product of weights may be a kernel; if no kernel is found, one of its inputs is the kernel.
   */
  private void requireNoUnfedProduct(LayerCall call) {
    for (GraphOperation operation : call.operations()) {
      if (isProduct(operation) && weights.readsOnlyWeights(operation)) {
        throw new IllegalStateException(
            ("layer %s must tell its kernel from its data, but %s (%s) reads constants and"
                    + " variables only, none of them a parameter; pass the data as a parameter")
                .formatted(call.layer(), operation.name(), operation.type()));
      }
    }
  }

  static boolean isProduct(GraphOperation operation) {
    // A product of integers computes an index or a shape.
    return OpKind.of(operation.type()).role().isProduct()
        && TFloating.class.isAssignableFrom(operation.output(0).type());
  }

  private static void requireFloat32(Edge kernel, LayerCall call) {
    Output<?> tensor = kernel.source();
    if (!tensor.type().equals(TFloat32.class)) {
      throw new IllegalStateException(
          "layer %s must have a float32 kernel, because TensorFlow's fake-quant op takes float32 only, but %s reads %s, a %s; use float32 ops"
              .formatted(
                  call.layer(), kernel, Operands.name(tensor), tensor.type().getSimpleName()));
    }
  }

  private List<Edge> kernels(GraphOperation operation, LayerCall call) {
    String type = operation.type();
    if (OpKind.of(type).role().isConvolution()) {
      Edge edge = Edge.of(operation, OpRole.KERNEL);
      return isWeight(edge.source()) ? List.of(edge) : List.of();
    }
    if (!isProduct(operation)) {
      return List.of();
    }
    List<Edge> inputs =
        IntStream.range(0, operation.numInputs()).mapToObj(i -> Edge.of(operation, i)).toList();
    List<Edge> weights = inputs.stream().filter(edge -> isWeight(edge.source())).toList();
    return weights.size() < inputs.size() ? weights : notFed(inputs, call);
  }

  /** Returns the edge over which an op of any layer reads weights and multiplies data with them. */
  Optional<Edge> kernelOf(GraphOperation operation) {
    if (OpKind.of(operation.type()).role().isConvolution()) {
      return Optional.of(Edge.of(operation, OpRole.KERNEL)).filter(edge -> isWeight(edge.source()));
    }
    if (!isProduct(operation)) {
      return Optional.empty();
    }
    List<Edge> weights =
        IntStream.range(0, operation.numInputs())
            .mapToObj(i -> Edge.of(operation, i))
            .filter(edge -> isWeight(edge.source()))
            .toList();
    return weights.size() == operation.numInputs()
        ? Optional.empty()
        : weights.stream().findFirst();
  }

  /** Returns those inputs of an op, all weights, that are not computed from the layer's inputs. */
  private List<Edge> notFed(List<Edge> inputs, LayerCall call) {
    List<Edge> notFed = inputs.stream().filter(edge -> !isFed(edge.source(), call)).toList();
    if (notFed.isEmpty()) {
      throw new IllegalStateException(
          ("layer %s must tell its kernel from its data, but %s reads parameters only, all computed"
                  + " from constants and variables; feed the model from a placeholder")
              .formatted(call.layer(), inputs.get(0)));
    }
    return notFed.size() < inputs.size() ? notFed : List.of();
  }

  /** Returns whether {@code tensor} is computed from variables and constants alone. */
  public boolean isWeight(Output<?> tensor) {
    return weights.isWeight(tensor);
  }

  /** Returns whether {@code tensor}, a weight, is computed from an input of the layer. */
  private static boolean isFed(Output<?> tensor, LayerCall call) {
    Set<GraphOperation> own = new HashSet<>(call.operations());
    Set<Output<?>> seen = new HashSet<>();
    Deque<Output<?>> open = new ArrayDeque<>(List.of(tensor));
    while (!open.isEmpty()) {
      Output<?> next = open.pop();
      if (call.hasInput(next)) {
        return true;
      }
      GraphOperation operation = (GraphOperation) next.op();
      if (seen.add(next) && own.contains(operation)) {
        IntStream.range(0, operation.numInputs()).mapToObj(operation::input).forEach(open::push);
      }
    }
    return false;
  }
}
