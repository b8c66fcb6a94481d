// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IWritModule} from "../../interfaces/IWritModule.sol";
import {Memory} from "../Memory.sol";

/// @title Where what is known of the grant that is printed stands in memory: a word for each field, behind those of Pen.
library Sheet {
    /// Where the grant begins.
    uint256 internal constant GRANT = 0x380;
    /// SIZE_OF_TOKEN bytes for each token: its address, its symbol as a token of text, its decimals.
    uint256 internal constant TOKENS = 0x3a0;
    uint256 internal constant TOKEN_COUNT = 0x3c0;
    /// SIZE_OF_METER bytes for each meter: where it stands, what it is called if it is shared, else 0, and a token that is made once (see MeterText).
    uint256 internal constant METERS = 0x3e0;
    uint256 internal constant METER_COUNT = 0x400;
    /// SIZE_OF_FUNCTION bytes for each function (see Functions).
    uint256 internal constant FUNCTIONS = 0x420;
    /// The arguments of the function of which conditions speak, as a node (see Types); 0 where there is none.
    uint256 internal constant ARGUMENTS = 0x440;
    /// How many quantifiers are around, and for each of them, from the outermost on, what its elements are.
    uint256 internal constant DEPTH = 0x460;
    uint256 internal constant ELEMENTS = 0x580;
    /// Where the next parameter's name stands (see Types).
    uint256 internal constant NAMES = 0x480;
    /// What a path led to so far (see Trail).
    uint256 internal constant NODE = 0x4a0;
    uint256 internal constant NAME = 0x4c0;
    uint256 internal constant PATH_SIZE = 0x4e0;
    uint256 internal constant PATH_PIECES = 0x500;
    uint256 internal constant PATH = 0x980;

    /// Behind all fields of the text libraries.
    uint256 internal constant END = 0xc80;

    uint256 internal constant SIZE_OF_TOKEN = 96;
    uint256 internal constant SIZE_OF_METER = 96;
    uint256 internal constant SIZE_OF_FUNCTION = 384;

    /// @notice Refuses the grant: what stands at `p` is not what the signatures in it say.
    function fail(uint256 p) internal pure {
        unchecked {
            revert IWritModule.InvalidGrant(p - Memory.word(GRANT));
        }
    }

    /// @notice Refuses the grant: what stands at `p` cannot be shown, or would read as something else.
    function hide(uint256 p) internal pure {
        unchecked {
            revert IWritModule.NotShowable(p - Memory.word(GRANT));
        }
    }
}
