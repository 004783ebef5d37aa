package org.slimquant.runtime.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Exponents;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.graph.OpRole;
import org.slimquant.runtime.layer.BiasFinder;
import org.slimquant.runtime.layer.GridWalk;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;

/**
 * Rounds the biases of layers to the grids of the accumulators they are added to.
 *
 * <pre>{@code
 * x, 2^-7 ─▶ Conv2D ─▶ BiasAdd ─▶               x, 2^-7 ─▶ Conv2D ─▶ BiasAdd ─▶
 * kernel, 2^-8 ─▲        ▲                      kernel, 2^-8 ─▲        ▲
 *                 bias ──┘                        bias ─▶ FakeQuant, 2^-15
 * }</pre>
 *
 * <p>The step is the input's times the kernel's, {@code 2^(d_input + d_kernel)}, for each channel
 * where the kernel has them. Only the one edge over which the layer reads its bias is rerouted. A
 * bias is rounded to the grid of each accumulator it is added to: layers that share a variable
 * share its fake quant only if their grids are the same.
 */
public final class Biases {

  /** A bias and its place on a grid, found but not changed yet. */
  private record Found(String site, Edge edge, BiasFormat format) {}

  /** The biases of a layer, as found before anything is changed. */
  public record LayerBiases(
      List<Found> found, List<Remark> remarks, Optional<InputGrid> inputGrid) {

    public static final LayerBiases NONE = new LayerBiases(List.of(), List.of(), Optional.empty());
  }

  /** The grid that a layer's input had when its bias was rounded to a grid. */
  private record InputGrid(String site, Edge edge, int frac) {}

  private final BiasFinder finder;
  private final GridWalk gridWalk = new GridWalk();
  private final QuantizedTensors tensors;
  private final List<Remark> remarks = new ArrayList<>();
  private final List<InputGrid> inputGrids = new ArrayList<>();

  public Biases(KernelFinder weights, QuantizedTensors tensors) {
    this.finder = new BiasFinder(weights);
    this.tensors = tensors;
  }

  /** Finds the biases of a layer and their grids; changes nothing. */
  public LayerBiases find(LayerCall call, Edge kernel, Format kernelFormat) {
    List<Edge> edges = finder.find(call, kernel);
    if (edges.isEmpty()) {
      return LayerBiases.NONE;
    }
    String site = call.siteName(SiteName.BIAS);
    Edge data = data(kernel);
    Optional<Integer> inputFrac = gridWalk.fracOf(data.source());
    if (inputFrac.isEmpty()) {
      return unquantized(site, "input is not quantized");
    }
    List<Integer> fracs =
        kernelFormat.fracs().stream().map(frac -> frac + inputFrac.get()).toList();
    if (!fracs.stream().allMatch(BiasFormat::holds)) {
      return unquantized(
          site,
          "the accumulator's step 2^%s is no step of a bias in float32"
              .formatted(Exponents.range(fracs)));
    }
    BiasFormat format = new BiasFormat(fracs);
    if (kernelFormat instanceof PerChannel
        && !edges.stream()
            .allMatch(edge -> BiasFinder.isAlongChannels(edge, kernel, fracs.size()))) {
      return unquantized(site, "bias does not lie along the kernel's channels");
    }
    return new LayerBiases(
        edges.stream().map(edge -> new Found(site, edge, format)).toList(),
        List.of(),
        Optional.of(new InputGrid(site, data, inputFrac.get())));
  }

  private static LayerBiases unquantized(String site, String why) {
    return new LayerBiases(List.of(), List.of(new Remark(site, why)), Optional.empty());
  }

  /** Quantizes the biases that were found. */
  public void quantize(LayerBiases biases) {
    for (Found bias : biases.found()) {
      NativeGraph.reroute(
          bias.edge(),
          tensors.quantizeBias(bias.edge().source(), bias.site(), bias.format()).output());
    }
    remarks.addAll(biases.remarks());
    biases.inputGrid().ifPresent(inputGrids::add);
  }

  /**
   * Returns remarks on the biases that are not quantized, and on those whose grid is no longer that
   * of their accumulator: an edge before the layer was changed after the layer was built, by a
   * layer around it for example.
   */
  public List<Remark> remarks() {
    List<Remark> all = new ArrayList<>(remarks);
    GridWalk now = new GridWalk();
    for (InputGrid grid : inputGrids) {
      Optional<Integer> frac = now.fracOf(grid.edge().now().source());
      if (!frac.equals(Optional.of(grid.frac()))) {
        all.add(
            new Remark(
                grid.site(),
                "the layer's input had steps of 2^%d when the layer was built, and now has %s"
                    .formatted(
                        grid.frac(), frac.map(d -> "steps of 2^%d".formatted(d)).orElse("none"))));
      }
    }
    return all;
  }

  /**
   * Returns the edge over which a kernel op reads the tensor that it multiplies the kernel with.
   */
  static Edge data(Edge kernel) {
    if (kernel.reader().type().endsWith("BackpropInput")
        || kernel.reader().type().endsWith("BackpropInputV2")) {
      return Edge.of(kernel.reader(), OpRole.TRANSPOSED_DATA);
    }
    return Edge.of(kernel.reader(), 1 - kernel.index());
  }
}
