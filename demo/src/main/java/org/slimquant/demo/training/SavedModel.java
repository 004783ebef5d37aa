package org.slimquant.demo.training;

import java.nio.file.Path;
import java.util.Map;
import org.slimquant.demo.data.LabelledImages;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.types.TFloat32;

/** A saved classifier, as an application loads it: with TensorFlow alone. */
public final class SavedModel implements AutoCloseable {

  private final SavedModelBundle bundle;

  /** Loads a model that {@link Classifier#save} wrote. */
  public SavedModel(Path folder, int threads) {
    bundle =
        SavedModelBundle.loader(folder.toString())
            .withTags(SavedModelBundle.DEFAULT_TAG)
            .withConfigProto(Classifier.config(threads))
            .load();
  }

  /** Returns the logits of the images, one row after the other. */
  public float[] logits(LabelledImages images) {
    try (TFloat32 imageTensor = images.imageTensor();
        Result result = bundle.call(Map.of(Classifier.IMAGES, imageTensor))) {
      return Floats.copyOf((TFloat32) result.get(Classifier.LOGITS).orElseThrow());
    }
  }

  @Override
  public void close() {
    bundle.close();
  }
}
