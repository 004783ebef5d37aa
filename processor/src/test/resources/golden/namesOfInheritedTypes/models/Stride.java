package models;

class Stride {}
