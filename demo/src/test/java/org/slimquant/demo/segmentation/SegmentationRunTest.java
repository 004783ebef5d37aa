package org.slimquant.demo.segmentation;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.demo.data.NoiseImages;
import org.slimquant.demo.deployment.CCompiler;
import org.slimquant.demo.models.OnnxCodes;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

final class SegmentationRunTest {

  private static final Training TRAINING = new Training(2, 16, 0.003f, 1, 1);

  @Test
  void bothOutputsHaveTheCodesOfTheGraph(@TempDir Path folder) throws Exception {
    SegmentedImages images = SegmentedImages.of(NoiseImages.images(48), 1);

    SegmentationRun run =
        SegmentationRun.of(TRAINING, TRAINING.with(1, 0.0002f), images, images, folder);

    assertThat(run.compared()).isGreaterThan(0L);
    assertThat(run.differing()).isEqualTo(0);
    assertThat(run.exact()).isTrue();
    IntegerModel model = IntegerModel.read(folder.resolve("segmentationnet.slmq"));
    assertThat(model.outputs().stream().map(IntegerTensor::shape))
        .containsExactly(List.of(28, 28, 1), List.of(10))
        .inOrder();
    assertSameInC(model, folder);
    for (OnnxForm form : List.of(OnnxForm.QOPERATOR, OnnxForm.QOPERATOR_VNNI_OR_ARM)) {
      assertWithMessage("differing codes as %s", form)
          .that(OnnxCodes.of(model, form, images.images().pixels(), folder).differing())
          .isEmpty();
    }
  }

  private static void assertSameInC(IntegerModel model, Path folder) throws Exception {
    CFiles files = CExporter.write(model, folder.resolve("c"));
    Optional<CCompiler> compiler = CCompiler.find();
    if (compiler.isPresent()) {
      assertThat(compiler.get().test(files)).endsWith(" 0 differ");
    } else {
      System.out.println("skipped: there is no C compiler to try " + files.source());
    }
  }

  @Test
  void onlyTheBackgroundIsNoise() {
    float[] items = NoiseImages.images(4).pixels();
    float[] images = SegmentedImages.of(NoiseImages.images(4), 1).images().pixels();

    for (int i = 0; i < items.length; i++) {
      if (items[i] > 0) {
        assertThat(images[i]).isEqualTo(items[i]);
      } else {
        assertThat(images[i]).isLessThan(1f);
      }
    }
  }
}
