package org.slimquant.runtime.site;

import java.util.Optional;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Operands;
import org.tensorflow.Output;

/**
 * A site that is checked and named: adding its ops cannot fail.
 *
 * @param name the site's name, which may have a number that the request's has not
 * @param request the request of the layer
 * @param site the site in the format that the tensor gets; none if it is only observed
 */
public record PlannedSite(String name, SiteRequest request, Optional<Site> site) {

  /** Returns the format that the tensor gets; none if it is only observed. */
  public Optional<Format> format() {
    return site.map(Site::format);
  }

  /** Returns this site for another tensor that has the same value. */
  public PlannedSite withTensor(Output<?> same) {
    return new PlannedSite(
        name,
        request.withTensor(same),
        site.map(planned -> planned.withTensor(Operands.name(same))));
  }
}
