package org.slimquant.runtime.site;

import java.util.List;
import java.util.Optional;
import org.slimquant.runtime.layer.GridOrigin;
import org.tensorflow.Output;

/**
 * The sum of products and bias that a layer computes, in a graph that calibrates.
 *
 * @param bias the name that the site of the layer's bias will have
 * @param kernels the sites of the layer's kernel: several if several ops read its variable
 * @param input the origin of the grid of the tensor that the kernel is multiplied with, if it has
 *     one
 * @param biases the tensors that are added to the products; none if the layer adds nothing
 * @param channels the number of channels that have an exponent each, or 1 if the kernel has one
 * @param output the site of the layer's output, if a sum that differs by {@code e} changes no
 *     element of it by more than {@code e}: it comes out of a Relu or a pooling, for example
 */
public record LayerSum(
    String bias,
    List<String> kernels,
    Optional<GridOrigin> input,
    List<Output<?>> biases,
    int channels,
    Optional<String> output) {

  public LayerSum {
    kernels = List.copyOf(kernels);
    biases = List.copyOf(biases);
  }
}
