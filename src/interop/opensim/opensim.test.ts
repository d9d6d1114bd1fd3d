import { describe, expect, it } from 'vitest';
import type { Signals, Unit } from '../../model/index.ts';
import { moveModel, poseModel, readOsim } from './index.ts';

const line = (slope: number, shift = 0) =>
  `<LinearFunction><coefficients>${slope} ${shift}</coefficients></LinearFunction>`;

const axis = (name: string, coordinates: string, xyz: string, own: string) =>
  `<TransformAxis name="${name}"><coordinates>${coordinates}</coordinates><axis>${xyz}</axis>${own}</TransformAxis>`;

/** Version 4: a thigh on a hip of two turns and a shift, a shank on a pin that sits 400 mm down, a coupled kneecap. */
const NEWER = `<?xml version="1.0"?>
<OpenSimDocument Version="40000"><Model name="leg">
  <BodySet><objects>
    <Body name="thigh"/><Body name="shank"><attached_geometry><Mesh name="m"><mesh_file>tibia.vtp</mesh_file><scale_factors>1 2 1</scale_factors></Mesh></attached_geometry></Body><Body name="kneecap"/>
  </objects></BodySet>
  <JointSet><objects>
    <PinJoint name="knee">
      <socket_parent_frame>thigh_offset</socket_parent_frame><socket_child_frame>shank_offset</socket_child_frame>
      <coordinates><Coordinate name="knee_angle"><default_value>0.5</default_value><range>-1 1</range></Coordinate></coordinates>
      <frames>
        <PhysicalOffsetFrame name="thigh_offset"><socket_parent>/bodyset/thigh</socket_parent><translation>0 -0.4 0</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame>
        <PhysicalOffsetFrame name="shank_offset"><socket_parent>/bodyset/shank</socket_parent><translation>0 0.1 0</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame>
      </frames>
    </PinJoint>
    <SliderJoint name="kneecap_slide">
      <socket_parent_frame>/bodyset/thigh</socket_parent_frame><socket_child_frame>/bodyset/kneecap</socket_child_frame>
      <coordinates><Coordinate name="slide"/></coordinates>
    </SliderJoint>
    <CustomJoint name="hip">
      <socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/thigh</socket_child_frame>
      <coordinates><Coordinate name="flexion"/><Coordinate name="twist"/><Coordinate name="height"/></coordinates>
      <SpatialTransform>
        ${axis('rotation1', 'flexion', '0 0 1', line(1))}
        ${axis('rotation2', 'twist', '0 1 0', `<function>${line(-1)}</function>`)}
        ${axis('rotation3', '', '1 0 0', '<Constant><value>0</value></Constant>')}
        ${axis('translation1', 'flexion', '1 0 0', '<MultiplierFunction><function><SimmSpline><x>-1 0 1 2</x><y>-1 0 1 8</y></SimmSpline></function><scale>0.1</scale></MultiplierFunction>')}
        ${axis('translation2', 'height', '0 1 0', line(1))}
        ${axis('translation3', '', '0 0 1', '<Constant><value>0.03</value></Constant>')}
      </SpatialTransform>
    </CustomJoint>
  </objects></JointSet>
  <ConstraintSet><objects>
    <CoordinateCouplerConstraint name="c"><isEnforced>true</isEnforced><coupled_coordinates_function><PolynomialFunction><coefficients>2 0 1</coefficients></PolynomialFunction></coupled_coordinates_function><independent_coordinate_names>knee_angle</independent_coordinate_names><dependent_coordinate_name>slide</dependent_coordinate_name><scale_factor>0.5</scale_factor></CoordinateCouplerConstraint>
  </objects></ConstraintSet>
  <MarkerSet><objects>
    <Marker name="tip"><socket_parent_frame>/bodyset/shank</socket_parent_frame><location>0 -0.3 0.02</location></Marker>
    <Marker name="joint"><socket_parent_frame>/jointset/knee/thigh_offset</socket_parent_frame><location>0.01 0 0</location></Marker>
  </objects></MarkerSet>
</Model></OpenSimDocument>`;

/** Version 2: joints hang on their bodies. */
const OLDER = `<?xml version="1.0"?>
<OpenSimDocument Version="20302"><Model name="arm">
  <BodySet><objects>
    <Body name="ground"/>
    <Body name="arm"><Joint><FreeJoint name="free"><parent_body>ground</parent_body><location_in_parent>0 1 0</location_in_parent><orientation_in_parent>0 0 0</orientation_in_parent><location>0 0 0</location><orientation>0 0 0</orientation>
      <CoordinateSet><objects><Coordinate name="rx"/><Coordinate name="ry"/><Coordinate name="rz"/><Coordinate name="tx"/><Coordinate name="ty"/><Coordinate name="tz"/></objects></CoordinateSet></FreeJoint></Joint></Body>
    <Body name="hand"><Joint><WeldJoint name="weld"><parent_body> arm </parent_body><location_in_parent>0.3 0 0</location_in_parent><orientation_in_parent>0 0 1.5707963267948966</orientation_in_parent><location>0 0 0</location><orientation>0 0 0</orientation></WeldJoint></Joint></Body>
  </objects></BodySet>
  <MarkerSet><objects><Marker name="m"><body>hand</body><location>0.1 0 0</location></Marker></objects></MarkerSet>
</Model></OpenSimDocument>`;

const place = (pose: Float64Array, [x, y, z]: readonly number[]) =>
  [0, 1, 2].map((row) => pose[3 * row] * x + pose[3 * row + 1] * y + pose[3 * row + 2] * z + pose[9 + row]);

function motion(channels: [string, Unit, number][]): Signals {
  return {
    clock: 'm',
    startS: 0,
    rateHz: 100,
    channels: channels.map(([name, unit, value]) => ({
      name,
      unit,
      quantity: 'angle',
      values: Float64Array.of(value),
    })),
  };
}

describe('OpenSim models', () => {
  it('reads version 4: bodies in order, coordinates, markers, surfaces', () => {
    const model = readOsim(NEWER, 'leg.osim');
    expect(model.bodies[0]).toBe('thigh');
    expect(model.coordinates.map(({ name, rotational }) => [name, rotational])).toEqual([
      ['flexion', true],
      ['twist', true],
      ['height', false],
      ['knee_angle', true],
      ['slide', false],
    ]);
    expect(model.markers).toEqual([
      { name: 'tip', body: 'shank', location: [0, -0.3, 0.02] },
      { name: 'joint', body: 'thigh', location: [0.01, -0.4, 0] },
    ]);
    expect(model.geometry[0]).toMatchObject({ body: 'shank', file: 'tibia.vtp', scale: [1, 2, 1] });
  });

  it('poses it as worked out by hand', () => {
    const model = readOsim(NEWER, 'leg.osim');
    const pose = poseModel(
      model,
      new Map([
        ['flexion', Math.PI / 2],
        ['height', 0.9],
        ['knee_angle', -Math.PI / 2],
      ]),
    );
    const thigh = pose[model.bodies.indexOf('thigh')];
    // a spline whose ends follow the cubic through four points is that cubic: x³
    const q = Math.PI / 2;
    const along = 0.1 * q ** 3;
    expect(place(thigh, [0, 0, 0])[0]).toBeCloseTo(along, 9);
    expect(place(thigh, [0, 0, 0]).slice(1)).toEqual([0.9, 0.03]);
    // the knee lies 400 mm down the thigh, which points forward now; the shank hangs straight down from it
    const shank = pose[model.bodies.indexOf('shank')];
    const knee = place(thigh, [0, -0.4, 0]);
    expect(knee[0]).toBeCloseTo(along + 0.4, 12);
    const tip = place(shank, [0, -0.3, 0.02]);
    expect(tip[0]).toBeCloseTo(knee[0], 12);
    expect(tip[1]).toBeCloseTo(0.9 - 0.4, 12);
    expect(tip[2]).toBeCloseTo(0.05, 12);
    // the coupler: 0.5 · (2 q² + 1) along the thigh's x, which points up now
    const kneecap = place(pose[model.bodies.indexOf('kneecap')], [0, 0, 0]);
    expect(kneecap[1]).toBeCloseTo(0.9 + 0.5 * (2 * q * q + 1), 12);
  });

  it('reads version 2 and turns a body-fixed x-y-z sequence', () => {
    const model = readOsim(OLDER, 'arm.osim');
    expect(model.bodies).toEqual(['arm', 'hand']);
    const moved = moveModel(
      model,
      motion([
        ['rx', 'deg', 90],
        ['rz', 'deg', 90],
        ['tx', 'm', 0.5],
      ]),
    );
    // Rx(90) Rz(90): the arm's x becomes z; the hand's x is the arm's y, which becomes −x
    expect(Array.from(moved.bodies.positions, (value) => Math.round(value))).toEqual([500, 1000, 0, 500, 1000, 300]);
    expect(Array.from(moved.markers.positions, (value) => Math.round(value))).toEqual([400, 1000, 300]);
    expect(moved.bodies.parents).toEqual([-1, 0]);
    expect(moved.quality[0].code).toBe('opensim.coordinates-missing');
  });

  it('finds coordinates by path and leaves speeds alone', () => {
    const model = readOsim(OLDER, 'arm.osim');
    const states = motion([
      ['/jointset/free/tx/value', 'm', 0.25],
      ['/jointset/free/tx/speed', '{arb}', 9],
    ]);
    expect(moveModel(model, states).bodies.positions[0]).toBeCloseTo(250, 9);
  });

  it.each([
    ['not XML', 'Model', 'file.malformed'],
    ['cut', NEWER.slice(0, 900), 'file.malformed'],
    ['another document', '<x><Model/></x>', 'file.unrecognised'],
    ['version 1', OLDER.replace('20302', '10905'), 'file.unsupported'],
    ['a joint of another kind', NEWER.replaceAll('PinJoint', 'ScapulothoracicJoint'), 'file.unsupported'],
    ['a loop', OLDER.replace('<parent_body>ground</parent_body>', '<parent_body>hand</parent_body>'), 'file.malformed'],
    ['a bad spline', NEWER.replace('-1 0 1 2</x>', '-1 0 0 2</x>'), 'file.malformed'],
  ])('says what is wrong with %s', (_, text, code) => {
    try {
      readOsim(text, 'x.osim');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ tag: 'MsdtError', code, where: { file: 'x.osim' } });
      expect((error as { hint: string }).hint).not.toBe('');
      expect((error as { where: { place?: string } }).where.place).toBeTruthy();
    }
  });

  it('refuses a motion of another model', () => {
    const model = readOsim(OLDER, 'arm.osim');
    expect(() => moveModel(model, motion([['knee', 'deg', 1]]))).toThrow(
      expect.objectContaining({ code: 'input.missing' }),
    );
  });
});
