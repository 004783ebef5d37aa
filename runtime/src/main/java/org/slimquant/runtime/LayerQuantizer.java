package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.gradient.TrainableForms;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.layer.ActivationFinder;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;
import org.slimquant.runtime.layer.LayerCalls;
import org.slimquant.runtime.layer.OriginFinder;
import org.slimquant.runtime.normalization.FoldedLayer;
import org.slimquant.runtime.normalization.Normalizations;
import org.slimquant.runtime.site.Biases;
import org.slimquant.runtime.site.Biases.LayerBiases;
import org.slimquant.runtime.site.LayerSum;
import org.slimquant.runtime.site.LayerSums;
import org.slimquant.runtime.site.PlannedSite;
import org.slimquant.runtime.site.QuantizedTensors;
import org.slimquant.runtime.site.QuantizedTensors.Quantized;
import org.slimquant.runtime.site.SiteRequest;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/**
 * Quantizes the inputs, the kernel, the bias and the output of each layer that is built, each at
 * its site, after the layer's batch normalization is folded into kernel and bias.
 */
final class LayerQuantizer {

  private final LayerCalls calls;
  private final QuantizedTensors tensors;
  private final KernelFinder kernelFinder = new KernelFinder();
  private final OriginFinder origins = new OriginFinder(kernelFinder);
  private final Biases biases;
  private final LayerSums sums;
  private final LayerOutputs outputs;
  private final ActivationFinder activations;
  private final Normalizations normalizations;
  private final Optional<TrainableForms> trainableForms;
  private final List<Remark> remarks = new ArrayList<>();

  LayerQuantizer(
      Graph graph,
      LayerCalls calls,
      QuantizedTensors tensors,
      Optional<TrainableForms> trainableForms) {
    this.calls = calls;
    this.tensors = tensors;
    this.trainableForms = trainableForms;
    this.biases = new Biases(kernelFinder, tensors);
    this.sums = new LayerSums(kernelFinder, tensors);
    this.outputs = new LayerOutputs(graph, tensors, origins);
    this.activations =
        new ActivationFinder(kernelFinder, tensor -> tensors.siteOf(tensor).isPresent());
    this.normalizations = new Normalizations(kernelFinder);
  }

  /** Returns remarks on the layers without a kernel that could be quantized, with the reason. */
  List<Remark> remarks() {
    return Stream.of(remarks, normalizations.remarks()).flatMap(List::stream).toList();
  }

  /** Returns remarks on the biases that are not quantized, with the reason. */
  List<Remark> biasRemarks() {
    return biases.remarks();
  }

  /** Returns the sums of the layers whose kernels have no format yet: calibration finds it. */
  List<LayerSum> sums() {
    return sums.all();
  }

  /** Quantizes an operand that flows into a layer, and returns it quantized. */
  Output<TFloat32> quantizeInput(LayerCall call, QuantizedInput input, Output<TFloat32> operand) {
    return tensors
        .add(
            tensors.plan(
                SiteRequest.of(
                    call.siteName(input.name()),
                    Kind.INPUT,
                    operand,
                    input.format(),
                    () -> origins.input(operand))))
        .output();
  }

  /**
   * Quantizes the kernel, the bias, the sum before the activation and the outputs of a layer.
   *
   * @return the quantized outputs
   * @throws IllegalStateException as {@link GraphQuantizer#layer} says
   * @throws IllegalArgumentException as {@link GraphQuantizer#layer} says
   */
  List<Operand<TFloat32>> quantize(
      QuantizedLayer layer, LayerCall call, List<? extends @Nullable Operand<TFloat32>> returned) {
    outputs.check(layer, returned);
    return add(plan(layer, call, returned.stream().<Output<?>>map(Operand::asOutput).toList()));
  }

  /**
   * A layer whose sites are checked and named. Adding them cannot fail, so that an error leaves the
   * layer in the graph as the model built it.
   */
  private record PlannedLayer(
      LayerCall call,
      Optional<PlannedKernel> kernel,
      LayerBiases biases,
      Optional<PlannedSite> sum,
      List<PlannedSite> outputs) {}

  /**
   * A kernel and its site.
   *
   * @param edge the edge of the kernel op, whose source is the tensor to quantize
   * @param quantized the edge that reads this tensor: {@code edge}, unless a normalization trains
   */
  private record PlannedKernel(Edge edge, Edge quantized, PlannedSite site) {}

  private PlannedLayer plan(QuantizedLayer layer, LayerCall call, List<Output<?>> returned) {
    Optional<FoldedLayer> folded = kernelFinder.find(call).map(edge -> fold(call, edge, returned));
    if (folded.isEmpty() && layer.kernelRequired()) {
      throw new IllegalStateException(
          ("layer %s must have a kernel op, because its annotation speaks of the kernel, but none of"
                  + " its ops reads a variable or constant as its kernel; take out kernelBits,"
                  + " kernelFrac and perChannel")
              .formatted(layer.name()));
    }
    List<Output<?>> results = folded.map(FoldedLayer::outputs).orElse(returned);
    Optional<PlannedKernel> kernel = folded.map(found -> planKernel(layer, call, found));
    LayerBiases layerBiases =
        kernel
            .flatMap(
                planned ->
                    planned
                        .site()
                        .format()
                        .map(format -> biases.find(call, planned.edge(), format)))
            .orElse(LayerBiases.NONE);
    List<PlannedSite> outputSites = outputs.plan(layer, call, results);
    Optional<PlannedSite> sum =
        results.stream()
            .flatMap(result -> activations.find(call, result).stream())
            // An output has a site in any case.
            .filter(tensor -> !results.contains(tensor))
            .findFirst()
            .map(tensor -> planSum(layer, call, tensor));
    trainableForms.ifPresent(forms -> forms.check(call));
    return new PlannedLayer(call, kernel, layerBiases, sum, outputSites);
  }

  private PlannedSite planSum(QuantizedLayer layer, LayerCall call, Output<?> tensor) {
    return tensors.plan(
        SiteRequest.of(
            call.siteName(SiteName.SUM),
            Kind.SUM,
            tensor,
            layer.sum(),
            () -> origins.output(call, tensor)));
  }

  /** Folds the batch normalization of a layer into its kernel and bias, if it has one. */
  private FoldedLayer fold(LayerCall call, Edge kernel, List<Output<?>> outputs) {
    FoldedLayer folded = normalizations.fold(call, kernel, outputs);
    calls.passOverNewOperations();
    return folded;
  }

  private PlannedKernel planKernel(QuantizedLayer layer, LayerCall call, FoldedLayer folded) {
    Edge edge = folded.kernel();
    SiteRequest request =
        SiteRequest.kernel(
            call.siteName(SiteName.KERNEL),
            edge,
            layer.name(),
            layer.kernel(),
            () -> origins.kernel(edge));
    return new PlannedKernel(edge, folded.quantized(), tensors.plan(request));
  }

  private List<Operand<TFloat32>> add(PlannedLayer layer) {
    LayerCall call = layer.call();
    layer.kernel().ifPresent(kernel -> reroute(kernel.quantized(), tensors.add(kernel.site())));
    biases.quantize(layer.biases());
    // Calibration has still to choose the format, and the bias must fit that format.
    layer
        .kernel()
        .filter(kernel -> kernel.site().format().isEmpty())
        .ifPresent(
            kernel ->
                sums.add(
                    call,
                    kernel.edge(),
                    kernel.site().request().channels(),
                    layer.sum().map(List::of).orElse(layer.outputs()).stream()
                        .<Output<?>>map(site -> site.request().tensor())
                        .toList()));
    if (layer.kernel().isEmpty()) {
      kernelFinder.remark(call).ifPresent(remarks::add);
    }
    Map<Output<?>, Output<?>> forms = applyTrainableForms(call);
    layer.sum().ifPresent(sum -> addForReaders(withForm(sum, forms)));
    return layer.outputs().stream()
        .<Operand<TFloat32>>map(output -> addForReaders(withForm(output, forms)))
        .toList();
  }

  /** Replaces each op whose gradient is wrong by its form. */
  private Map<Output<?>, Output<?>> applyTrainableForms(LayerCall call) {
    if (trainableForms.isEmpty()) {
      return Map.of();
    }
    // The forms contain ops with kernels, which do not belong to the layer around this one.
    calls.noteNewOperations();
    Map<Output<?>, Output<?>> forms = trainableForms.get().apply(call);
    calls.passOverNewOperations();
    return forms;
  }

  /** Returns a site of the form that has replaced its tensor's op, if one has. */
  private static PlannedSite withForm(PlannedSite site, Map<Output<?>, Output<?>> forms) {
    Output<?> tensor = site.request().tensor();
    return site.withTensor(forms.getOrDefault(tensor, tensor));
  }

  /** Adds a site whose tensor all readers read quantized. */
  private Output<TFloat32> addForReaders(PlannedSite site) {
    List<Edge> readers = NativeGraph.readers(site.request().tensor());
    Quantized quantized = tensors.add(site);
    readers.stream()
        .filter(edge -> !edge.isWithin(quantized.site()))
        .filter(edge -> !edge.maintainsVariable())
        .forEach(edge -> reroute(edge, quantized));
    kernelFinder.addActivation(quantized.output());
    return quantized.output();
  }

  /**
   * Makes {@code edge} read the tensor that a site gives to its readers, which may be the same
   * tensor.
   */
  private static void reroute(Edge edge, Quantized quantized) {
    if (!edge.source().equals(quantized.output())) {
      NativeGraph.reroute(edge, quantized.output());
    }
  }
}
