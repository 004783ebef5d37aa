module app {
  requires org.slimquant.engine;
}
