package org.slimquant.processor;

import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.FileObject;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;

/** Runs a processor as an incremental build tool does: in an environment of its own. */
final class RecordingProcessor extends AbstractProcessor {

  private final Processor processor;
  private final boolean isDiskFull;
  private final SetMultimap<String, String> originatingElements = LinkedHashMultimap.create();

  RecordingProcessor(Processor processor, boolean isDiskFull) {
    this.processor = processor;
    this.isDiskFull = isDiskFull;
  }

  /** Returns the originating elements that were given for each generated class. */
  ImmutableSetMultimap<String, String> originatingElements() {
    return ImmutableSetMultimap.copyOf(originatingElements);
  }

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    processor.init(new RecordingEnvironment(environment));
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    processor.process(annotations, round);
    return false;
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return processor.getSupportedAnnotationTypes();
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return processor.getSupportedSourceVersion();
  }

  private final class RecordingEnvironment implements ProcessingEnvironment, Filer {

    private final ProcessingEnvironment environment;

    RecordingEnvironment(ProcessingEnvironment environment) {
      this.environment = environment;
    }

    @Override
    public JavaFileObject createSourceFile(CharSequence name, Element... originators)
        throws IOException {
      for (Element originator : originators) {
        originatingElements.put(name.toString(), originator.toString());
      }
      if (isDiskFull) {
        throw new IOException("the disk is full");
      }
      return environment.getFiler().createSourceFile(name, originators);
    }

    @Override
    public JavaFileObject createClassFile(CharSequence name, Element... originators)
        throws IOException {
      return environment.getFiler().createClassFile(name, originators);
    }

    @Override
    public FileObject createResource(
        JavaFileManager.Location location,
        CharSequence moduleAndPackage,
        CharSequence name,
        Element... originators)
        throws IOException {
      return environment.getFiler().createResource(location, moduleAndPackage, name, originators);
    }

    @Override
    public FileObject getResource(
        JavaFileManager.Location location, CharSequence moduleAndPackage, CharSequence name)
        throws IOException {
      return environment.getFiler().getResource(location, moduleAndPackage, name);
    }

    @Override
    public Filer getFiler() {
      return this;
    }

    @Override
    public Map<String, String> getOptions() {
      return environment.getOptions();
    }

    @Override
    public Messager getMessager() {
      return environment.getMessager();
    }

    @Override
    public Elements getElementUtils() {
      return environment.getElementUtils();
    }

    @Override
    public Types getTypeUtils() {
      return environment.getTypeUtils();
    }

    @Override
    public SourceVersion getSourceVersion() {
      return environment.getSourceVersion();
    }

    @Override
    public Locale getLocale() {
      return environment.getLocale();
    }
  }
}
