package org.slimquant.runtime.site;

import java.util.List;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** Decides which ops each site of a graph has: a fake quant or an observer. */
public interface SiteInstrumentation {

  /**
   * Checks that a new site can be added.
   *
   * @param name the site's name, which may have a number that the request's has not
   * @throws IllegalStateException if its format is not known but must be
   * @throws IllegalArgumentException if it contradicts the plan, or is not for such a tensor
   */
  PlannedSite plan(String name, SiteRequest request);

  /**
   * Adds the ops of a new site, one of which has the site's name.
   *
   * @return the tensor for the readers of the site's tensor
   */
  Output<TFloat32> add(PlannedSite site);

  /**
   * Checks that a tensor that has a site can be requested again.
   *
   * @param site the name of the site it has
   * @throws IllegalArgumentException if it has another format there; the message names both sites
   */
  PlannedSite planAgain(String site, SiteRequest request);

  /**
   * Adds the ops of a new site of a bias.
   *
   * @param name the site's name, which one of the ops gets
   * @return the tensor to add in the bias's place
   */
  Output<TFloat32> addBias(String name, Output<?> bias, BiasFormat format);

  /**
   * Notes that one value, which has several sites if several ops read a variable, was asked for
   * again: all its sites get one format.
   */
  void unite(List<String> sites, FormatRequest again);

  /** Returns the quantized tensors, in the order in which their sites were added. */
  List<Site> sites();

  /** Returns remarks on sites that no layer asked for. */
  default List<Remark> remarks() {
    return List.of();
  }

  /** Returns the error of a tensor that is wanted in two formats. */
  static IllegalArgumentException twoFormats(
      String tensor, String site, Object format, String otherSite, Object otherFormat) {
    return new IllegalArgumentException(
        "a tensor must have one format, but %s is %s in %s and %s in %s; give both the same"
            .formatted(tensor, format, site, otherFormat, otherSite));
  }
}
