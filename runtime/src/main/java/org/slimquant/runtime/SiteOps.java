package org.slimquant.runtime;

import java.util.List;
import java.util.Optional;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** What stands at the sites of a graph: fake quants, or observers. */
interface SiteOps {

  /**
   * Checks that a new site can be made.
   *
   * @param name the site's name, which may have a number that the request's has not
   * @return the format that the tensor gets; none if it is only observed
   * @throws IllegalStateException if its format is not known but must be
   * @throws IllegalArgumentException if it contradicts the plan, or is not for such a tensor
   */
  Optional<Format> check(String name, SiteRequest request);

  /**
   * Adds the ops of a new site.
   *
   * @param name the site's name, which one of the ops gets
   * @return the tensor that readers of {@code request.tensor()} are to read
   */
  Output<TFloat32> add(String name, SiteRequest request);

  /**
   * Checks that a tensor that has a site can be asked for again.
   *
   * @param site the name of the site it has
   * @return the format that the tensor has; none if it is only observed
   * @throws IllegalArgumentException if it has another format there; the message names both sites
   */
  Optional<Format> checkAgain(String site, SiteRequest request);

  /**
   * Adds the ops of a new site of a bias.
   *
   * @param name the site's name, which one of the ops gets
   * @return the tensor that is to be added in the bias's place
   */
  Output<TFloat32> addBias(String name, Output<?> bias, BiasFormat format);

  /**
   * Notes that one value, which has several sites if several ops read a variable, was asked for
   * again: all its sites get one format.
   */
  void unite(List<String> sites, FormatRequest again);

  /** Returns what is quantized, in the order of its making. */
  List<Site> sites();

  /** Returns what there is to know of sites that no layer asked for. */
  default List<Remark> remarks() {
    return List.of();
  }

  /** Returns what is observed, in the order of its making. */
  List<ObservedSite> observed();

  /** Returns the error of a tensor that is wanted in two formats. */
  static IllegalArgumentException twoFormats(
      String tensor, String site, Object format, String otherSite, Object otherFormat) {
    return new IllegalArgumentException(
        "a tensor must have one format, but %s is %s in %s and %s in %s; give both the same"
            .formatted(tensor, format, site, otherFormat, otherSite));
  }
}
