package org.slimquant.processor;

import com.google.auto.common.BasicAnnotationProcessor;
import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Generated;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.slimquant.processor.element.Lombok;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.reading.PlanDirectory;

/**
 * Writes {@code QuantizedLeNet} for a class {@code LeNet} with {@code @QuantInt8} layers.
 *
 * <p>It claims the annotation, and the {@code @Generated} of the class that it writes: javac warns
 * of annotations that no processor claims.
 */
@AutoService(Processor.class)
public final class QuantInt8Processor extends AbstractProcessor {

  private Lombok lombok;
  private ModelProcessor models;

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    lombok = new Lombok(environment);
    models = new ModelProcessor(lombok);
    models.init(environment);
  }

  @Override
  public ImmutableSet<String> getSupportedAnnotationTypes() {
    return ImmutableSet.of(QuantAnnotation.NAME, Generated.class.getCanonicalName());
  }

  @Override
  public ImmutableSet<String> getSupportedOptions() {
    return ImmutableSet.of(PlanDirectory.OPTION);
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  @SuppressWarnings("DoNotClaimAnnotations") // no other processor reads these
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    boolean isReported = round.processingOver() && !round.errorRaised() && lombok.reportWaiting();
    if (!isReported) {
      models.process(annotations, round);
    }
    return true;
  }

  /** Defers classes that another processor has yet to complete. */
  private static final class ModelProcessor extends BasicAnnotationProcessor {

    private final Lombok lombok;

    ModelProcessor(Lombok lombok) {
      this.lombok = lombok;
    }

    @Override
    protected Iterable<? extends Step> steps() {
      return ImmutableList.of(new ModelStep(processingEnv, lombok));
    }
  }
}
