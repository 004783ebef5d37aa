package org.slimquant.runtime.normalization;

import java.util.List;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.FreezeSwitch;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Folds a batch normalization that trains, with a switch that freezes its statistics.
 *
 * <pre>{@code
 * kernel ─▶ Conv2D ─▶ FusedBatchNormV3 ─▶ Relu                                     before
 *
 * kernel · s ─▶ quantized ─▶ / s ─▶ Conv2D ─▶ FusedBatchNormV3 ─▶ Relu             after
 * kernel · s ─▶ quantized ───────▶ Conv2D ─▶ BiasAdd β - μ·s ───▶ Relu             frozen
 * }</pre>
 *
 * <p>The scale {@code s = γ/√(σ²+ε)} has the moving variance, so the kernel's step is stable.
 * Before the switch is on, the batch is normalized by its own statistics, of sums with the
 * quantized kernel. If γ is 0 in a channel, the quantized kernel is 0 and could not be divided by
 * s: there the sums have the kernel itself, so that γ has the gradient that it needs to leave 0.
 * When the switch is on, the layer computes what it computes in a graph for inference, and the
 * moving statistics do not change.
 *
 * <p>A bias that the layer adds before the normalization cancels out, except in the moving mean.
 *
 * <p>Gradients: the straight-through estimator takes the quantized kernel for the kernel, so s
 * cancels out, and γ and β get their gradients from the batch normalization. When the switch is on,
 * they get them through the folded kernel and bias.
 */
final class TrainingFolding {

  private final NormalizationChain chain;
  private final GraphOperation normalization;
  private final FoldOps ops;
  private final MovingStatistics moving;
  private final Output<?> frozen;

  private TrainingFolding(LayerCall call, NormalizationChain chain, KernelFinder weights) {
    this.chain = chain;
    this.normalization = chain.last().data().reader();
    this.ops = new FoldOps(call, chain.kernel().reader().output(0));
    this.moving = MovingStatistics.of(call, normalization, chain.channels().count(), weights);
    this.frozen = FreezeSwitch.of(chain.kernel().reader().env());
  }

  /**
   * Folds a chain that ends with a batch normalization that trains.
   *
   * @throws IllegalStateException if its moving statistics are not known, or if the layer scales
   *     the sums before it
   */
  static FoldedLayer fold(
      LayerCall call, NormalizationChain chain, List<Output<?>> outputs, KernelFinder weights) {
    for (ChainOp op : chain.ops().subList(0, chain.ops().size() - 1)) {
      if (op.kind().scales()) {
        throw new IllegalStateException(
            ("layer %s must normalize the sums of its kernel op as they are while it trains, but %s"
                    + " scales them before %s; leave it out, because the normalization cancels it")
                .formatted(call.layer(), op.data(), chain.last().data()));
      }
    }
    return new TrainingFolding(call, chain, weights).fold(outputs);
  }

  private FoldedLayer fold(List<Output<?>> outputs) {
    int channels = chain.channels().count();
    List<ChainOp> before = chain.ops().subList(0, chain.ops().size() - 1);
    ChannelAffine bias = ChannelAffine.of(ops, channels, before);
    ChannelAffine folded = bias.normalized("", normalization, moving.mean(), moving.variance());
    Edge quantized = foldKernel(folded.scale().orElseThrow());
    Output<?> result =
        chooseByBatch(chain.withoutArithmetic(before.size()), folded.shift().orElseThrow());
    keepStatistics(bias);
    return new FoldedLayer(
        new Edge(chain.kernel().reader(), chain.kernel().index(), quantized.source()),
        quantized,
        FoldedLayer.replace(outputs, chain.result(), result),
        ops.added());
  }

  /** Multiplies the kernel with the scale, and divides it again if the switch is off. */
  private Edge foldKernel(Output<?> scale) {
    Shape shape = chain.channels().broadcastShape();
    Edge kernel = chain.kernel();
    int channels = chain.channels().count();
    Output<?> stopped = ops.add("StopGradient", "constant_scale", scale);
    Output<?> chosen = ops.add("SelectV2", "chosen_scale", frozen, scale, stopped);
    Output<?> folded =
        ops.add("Mul", "kernel", kernel.source(), ops.reshape("scale", chosen, shape));
    Output<?> ones = ops.floats("ones", 1, channels);
    Output<?> zeros = ops.floats("zeros", 0, channels);
    Output<?> isZero = ops.add("Equal", "is_zero", stopped, zeros);
    Output<?> inverse =
        ops.add("SelectV2", "inverse", isZero, zeros, ops.add("Reciprocal", "reciprocal", stopped));
    Output<?> divisor = ops.add("SelectV2", "divisor", frozen, ones, inverse);
    Output<?> kept =
        ops.add(
            "SelectV2", "kept", frozen, zeros, ops.add("SelectV2", "is_kept", isZero, ones, zeros));
    Output<?> divided =
        ops.add("Mul", "divided", folded, ops.reshape("divided_by", constant(divisor), shape));
    Output<?> itself =
        ops.add("Mul", "itself", kernel.source(), ops.reshape("itself_by", constant(kept), shape));
    NativeGraph.reroute(kernel, ops.add("AddV2", "kernel_in_training", divided, itself));
    return Edge.of((GraphOperation) divided.op(), 0);
  }

  private Output<?> constant(Output<?> tensor) {
    return ops.add("StopGradient", tensor.op().name().replaceAll(".*/", "constant_"), tensor);
  }

  /**
   * Gives all examples to the batch normalization if the switch is off, and to the sum with the
   * shift if it is on.
   */
  private Output<?> chooseByBatch(Output<?> sums, Output<?> shift) {
    List<Edge> readers = NativeGraph.readers(chain.result());
    GraphOperation parts = split(sums);
    NativeGraph.reroute(Edge.of(normalization, 0), parts.output(0));
    Output<?> shifted = ops.add("BiasAdd", "sum", parts.output(1), shift);
    GraphOperationBuilder join = ops.builder("ConcatV2", "output");
    join.addInputList(new Output<?>[] {chain.result(), shifted});
    join.addInput(ops.integer("axis_of_output", 0));
    Output<?> result = ops.build(join).output(0);
    readers.forEach(reader -> NativeGraph.reroute(reader, result));
    return result;
  }

  private GraphOperation split(Output<?> sums) {
    Output<?> shape = ops.add("Shape", "shape", sums);
    Output<?> examples =
        ops.add("Slice", "examples", shape, ops.integers("first", 0), ops.integers("one_axis", 1));
    Output<?> none = ops.integers("none", 0);
    Output<?> shifted = ops.add("SelectV2", "shifted_examples", frozen, examples, none);
    Output<?> normalized = ops.add("SelectV2", "normalized_examples", frozen, none, examples);
    GraphOperationBuilder sizes = ops.builder("ConcatV2", "sizes");
    sizes.addInputList(new Output<?>[] {normalized, shifted});
    Output<?> axis = ops.integer("axis", 0);
    sizes.addInput(axis);
    GraphOperationBuilder split = ops.builder("SplitV", "parts");
    split.addInput(sums).addInput(ops.build(sizes).output(0)).addInput(axis);
    split.setAttr("num_split", 2L);
    return ops.build(split);
  }

  /** Makes the ops that update the moving statistics read these themselves if they are frozen. */
  private void keepStatistics(ChannelAffine bias) {
    Output<?> mean = normalization.output(1);
    List<Edge> meanReaders = NativeGraph.readers(mean);
    List<Edge> varianceReaders = NativeGraph.readers(normalization.output(2));
    Output<?> withBias =
        bias.shift().<Output<?>>map(b -> ops.add("AddV2", "batch_mean", mean, b)).orElse(mean);
    keep("kept_mean", meanReaders, moving.mean(), withBias);
    keep("kept_variance", varianceReaders, moving.variance(), normalization.output(2));
  }

  private void keep(String name, List<Edge> readers, Output<?> moving, Output<?> batch) {
    if (!readers.isEmpty()) {
      Output<?> kept = ops.add("SelectV2", name, frozen, moving, batch);
      readers.forEach(reader -> NativeGraph.reroute(reader, kept));
    }
  }
}
