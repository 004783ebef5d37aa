package org.slimquant.runtime.normalization;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** The batch normalizations of a graph's layers. */
public final class Normalizations {

  private final KernelFinder weights;
  private final List<Remark> remarks = new ArrayList<>();

  public Normalizations(KernelFinder weights) {
    this.weights = weights;
  }

  /** Returns remarks on the normalizations that are not folded, with the reason. */
  public List<Remark> remarks() {
    return List.copyOf(remarks);
  }

  /**
   * Folds the normalization of a layer, if it has one.
   *
   * @param kernel the edge over which the kernel op reads the kernel
   * @param outputs the outputs of the layer
   * @throws IllegalStateException if the moving statistics of a normalization that trains are not
   *     known, or if the layer scales the sums before it
   */
  public FoldedLayer fold(LayerCall call, Edge kernel, List<Output<?>> outputs) {
    Optional<NormalizationChain> found = NormalizationChain.find(call, kernel, weights);
    remark(call, found);
    if (found.isEmpty()) {
      return FoldedLayer.unchanged(kernel, outputs);
    }
    NormalizationChain chain = found.get();
    FoldedLayer folded =
        chain.last().kind() == ChainOp.Kind.NORMALIZE_BATCH
            ? TrainingFolding.fold(call, chain, outputs, weights)
            : InferenceFolding.fold(call, chain, outputs);
    call.removeOperations(chain.arithmetic());
    call.addOperations(folded.operations());
    return folded;
  }

  /** Notes a remark on each normalization of a layer that is not in its chain. */
  private void remark(LayerCall call, Optional<NormalizationChain> chain) {
    List<GraphOperation> folded =
        chain.stream()
            .flatMap(found -> found.ops().stream())
            .map(op -> op.data().reader())
            .toList();
    call.operations().stream()
        .filter(ChainOp::isFused)
        .filter(operation -> !folded.contains(operation))
        .map(
            operation ->
                new Remark(
                    call.siteName(SiteName.KERNEL),
                    ("%s (%s) is not folded, because it does not directly follow the layer's kernel"
                            + " op with channels last")
                        .formatted(operation.name(), operation.type())))
        .forEach(remarks::add);
  }
}
