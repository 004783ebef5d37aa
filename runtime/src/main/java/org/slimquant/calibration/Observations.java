package org.slimquant.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.TensorElements;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Runs observers once and reads the statistics from their results. */
final class Observations {

  private final Result result;
  private final long batch;
  private final int[] counts = new int[Bins.COUNT];
  private int next;

  private Observations(Result result, long batch) {
    this.result = result;
    this.batch = batch;
  }

  /**
   * Runs the observers of {@code sites}.
   *
   * @param batch the number of the batch, for messages
   * @return the statistics of this run, for each site
   * @throws IllegalStateException if variables have no value
   * @throws IllegalArgumentException if a tensor has elements that are not finite
   */
  static List<SiteStatistics> run(
      Session session, List<ObservedSite> sites, Consumer<Session.Runner> feed, long batch) {
    Session.Runner runner = session.runner();
    // These fetches are added first, so that the caller's follow them.
    List<Output<?>> fetched = sites.stream().flatMap(site -> site.fetches().stream()).toList();
    fetched.forEach(runner::fetch);
    feed.accept(runner);
    if (sites.isEmpty()) {
      return List.of();
    }
    try (Result result = UninitializedVariables.run(session, runner, fetched)) {
      Observations observations = new Observations(result, batch);
      List<SiteStatistics> statistics = new ArrayList<>();
      for (ObservedSite site : sites) {
        statistics.add(observations.read(site));
      }
      return statistics;
    }
  }

  private SiteStatistics read(ObservedSite site) {
    List<Histogram> histograms =
        site.channels()
            .map(channels -> channelHistograms(site, channels))
            .orElseGet(() -> List.of(histogram(site)));
    return new SiteStatistics(
        site.name(), site.kind(), site.tensor(), site.request(), site.origin(), histograms);
  }

  private Histogram histogram(ObservedSite site) {
    ((TInt32) next()).asRawTensor().data().asInts().read(counts);
    float min = ((TFloat32) next()).getFloat();
    float max = ((TFloat32) next()).getFloat();
    int grid = site.kind() == Kind.INPUT ? Grid.of(elements()) : Grid.OF_ANY;
    Histogram histogram = Histogram.of(counts, min, max, grid);
    // The extremes of no elements are infinite.
    if (histogram.count() > 0) {
      requireFinite(site, min);
      requireFinite(site, max);
    }
    return histogram;
  }

  private List<Histogram> channelHistograms(ObservedSite site, Channels channels) {
    float[] elements = elements();
    int count = channels.count();
    float[][] ofChannel = new float[count][elements.length / Math.max(1, count)];
    int[] filled = new int[count];
    for (int i = 0; i < elements.length; i++) {
      requireFinite(site, elements[i]);
      int channel = channel(i, channels);
      ofChannel[channel][filled[channel]++] = elements[i];
    }
    return Stream.of(ofChannel).map(Histogram::of).toList();
  }

  /** Returns the channel of a kernel's element from the element's place in memory. */
  private static int channel(int place, Channels channels) {
    Shape shape = channels.kernel();
    int channel = 0;
    int weight = 1;
    int rest = place;
    for (int axis = shape.numDimensions() - 1; axis >= 0; axis--) {
      int size = Math.toIntExact(shape.get(axis));
      if (channels.axes().contains(axis)) {
        channel += weight * (rest % size);
        weight *= size;
      }
      rest /= size;
    }
    return channel;
  }

  private void requireFinite(ObservedSite site, float x) {
    requireFinite(site.name(), site.tensor(), x, batch);
  }

  static void requireFinite(String site, String tensor, float x, long batch) {
    if (!Float.isFinite(x)) {
      throw new IllegalArgumentException(
          ("%s must be finite to be calibrated, but %s has the element %s in batch %d; the batches"
                  + " before it still count")
              .formatted(site, tensor, x, batch));
    }
  }

  private float[] elements() {
    return TensorElements.of((TFloat32) next());
  }

  private Tensor next() {
    return result.get(next++);
  }
}
