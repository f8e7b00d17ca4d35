//! Areas and lengths on a sphere with the Earth's radius at the equator.

const RADIUS_M: f64 = 6_378_137.0;

/// Latitude and longitude in radians.
type Point = (f64, f64);

/// The points of geopoints (`lat lon alt acc`), traces and shapes (`point; point; …`); `None` if one is no point.
pub(crate) fn points(texts: &[String]) -> Option<Vec<Point>> {
    let mut all = Vec::new();
    for part in texts.iter().flat_map(|text| text.split(';')).map(str::trim).filter(|part| !part.is_empty()) {
        let mut numbers = part.split_whitespace().map(|word| word.parse::<f64>().ok().filter(|number| number.is_finite()));
        let (lat, lon) = (numbers.next()??, numbers.next()??);
        if lat.abs() > 90.0 || lon.abs() > 180.0 {
            return None;
        }
        all.push((lat.to_radians(), lon.to_radians()));
    }
    Some(all)
}

/// Metres along the points, to the centimetre.
pub(crate) fn length_m(points: &[Point]) -> f64 {
    let sum: f64 = points.windows(2).map(|pair| between(pair[0], pair[1])).sum();
    (sum * 100.0).round() / 100.0
}

/// Square metres inside the points, to two decimals; 0 with fewer than three.
pub(crate) fn area_m2(points: &[Point]) -> f64 {
    if points.len() < 3 {
        return 0.0;
    }
    let mut twice = 0.0;
    for (index, a) in points.iter().enumerate() {
        let b = points[(index + 1) % points.len()];
        twice += (b.1 - a.1) * (2.0 + a.0.sin() + b.0.sin());
    }
    ((twice * RADIUS_M * RADIUS_M / 2.0).abs() * 100.0).round() / 100.0
}

/// Haversine.
fn between(a: Point, b: Point) -> f64 {
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let h = half(b.0 - a.0) + a.0.cos() * b.0.cos() * half(b.1 - a.1);
    2.0 * RADIUS_M * h.sqrt().min(1.0).asin()
}
